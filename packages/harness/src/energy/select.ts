import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { LemError, unavailable, type UnavailableReading } from "@lem/domain";
import type { ResolvedMeasurement } from "@lem/config";
import { ReplaySampler } from "./replay.ts";
import type { SamplerChoice } from "./sampler.ts";
import { readPowerTrace } from "./trace-file.ts";

/** Where the kernel shows that a machine has energy sensors. */
const SENSORS = [
  { name: "NVML", path: "/proc/driver/nvidia/version" },
  { name: "RAPL", path: "/sys/class/powercap/intel-rapl:0" },
] as const;

/** Where {@link selectSampler} looks. */
export interface SelectOptions {
  /** Folder that the machine's files lie in, `/` when left out. */
  readonly root?: string;
  /** Folder that a relative path of a trace counts from, the process's own when left out. */
  readonly cwd?: string;
}

/**
 * Chooses the energy sampler that the configuration asks for.
 * @throws LemError `energy.trace` for a trace that cannot be read, `config.conflict` for `replay` without a trace
 */
export async function selectSampler(
  energy: ResolvedMeasurement["energy"],
  { root = "/", cwd = "." }: SelectOptions = {},
): Promise<SamplerChoice> {
  switch (energy.sampler) {
    case "none":
      return { status: "unavailable", reading: unavailable("switched-off", "measurement.energy.sampler is none") };
    case "auto":
      return { status: "unavailable", reading: await whyNone(root) };
    case "replay":
      return {
        status: "available",
        sampler: new ReplaySampler(await readPowerTrace(resolve(cwd, traceOf(energy.trace)))),
      };
  }
}

async function whyNone(root: string): Promise<UnavailableReading> {
  const found = await Promise.all(SENSORS.map(({ path }) => exists(join(root, path))));
  const names = SENSORS.filter((_, index) => found[index]).map(({ name }) => name);
  return names.length === 0
    ? unavailable("no-sensor", "no NVML and no powercap on this host")
    : unavailable("not-supported", `sampling ${names.join(" and ")} is not built yet; this host has the sensor`);
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function traceOf(trace: string | null): string {
  if (trace !== null) return trace;
  throw new LemError("config.conflict", "the replay sampler needs a recorded trace", {
    hint: "set measurement.energy.trace to a .jsonl or .json file",
    place: { path: "measurement.energy.trace" },
  });
}
