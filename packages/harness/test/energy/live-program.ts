/** Samples a machine for a while and prints what the sampler says: `node live-program.ts JSON`; live.test.ts runs it. */
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { nanoseconds } from "@lem/domain";
import { pointsOf } from "../../src/energy/recording.ts";
import { selectSampler } from "../../src/energy/select.ts";

interface Order {
  readonly seconds: number;
  readonly windows: readonly (readonly [from_s: number, to_s: number])[];
  readonly visibleDevices?: string;
}

const { seconds, windows, visibleDevices } = JSON.parse(process.argv[2] ?? "") as Order;
const choice = await selectSampler(
  { sampler: "auto", trace: null, interval_ms: 100, gain_error: null },
  { root: "/nowhere", cuda: { devices: visibleDevices } },
);
if (choice.status === "unavailable") console.log(JSON.stringify({ unavailable: choice.reading }));
else {
  const { sampler } = choice;
  await sampler.start();
  const begin = Number(process.hrtime.bigint());
  const trigger = process.env["SIM_TRIGGER"];
  if (trigger !== undefined) writeFileSync(trigger, "");
  await sleep(seconds * 1000);
  const energies = [];
  for (const [from, to] of windows)
    energies.push(await sampler.energyBetween(nanoseconds(begin + from * 1e9), nanoseconds(begin + to * 1e9)));
  await sampler.stop();
  const count = sampler.samples().length;
  await sampler.stop();
  const recordings = sampler.recordings();
  console.log(
    JSON.stringify({
      name: sampler.name,
      energies,
      gaps: sampler.gaps(),
      samples: count,
      domains: recordings.map(({ sensor }) => sensor),
      faults: recordings.flatMap(({ faults }) => faults.map(({ call }) => call)),
      cpu_s: recordings.map((recording) => pointsOf(recording, "sampler_cpu").value.at(-1)),
      temperatures: recordings.map((recording) => pointsOf(recording, "temperature").value[0] ?? null),
    }),
  );
}
