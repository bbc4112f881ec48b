/**
 * Runs measurements one after the other on one fake engine and this process's NVML: `node kept-program.ts JSON`;
 * live-kept.test.ts runs it. Prints what each knows of the bare machine.
 */
import { idlePower } from "../../src/energy/baseline.ts";
import { selectSampler } from "../../src/energy/select.ts";
import { measure } from "../../src/measure.ts";
import { PhaseClock } from "../../src/phase-clock.ts";
import { rawEnergyOf, recomputeEnergy } from "../../src/recompute.ts";
import { baselineReadings } from "../../src/readings/baseline.ts";
import { experimentOf, tinyModel } from "../support/experiment.ts";
import { FakeEngines } from "../support/fake-engine.ts";
import { noMemory } from "../support/memory.ts";
import { OneEngine } from "../support/one-engine.ts";

const { idle_s } = JSON.parse(process.argv[2] ?? "") as { readonly idle_s: readonly number[] };
const engines = new FakeEngines();
const exchange = new OneEngine();
const told: object[] = [];
for (const [number, seconds] of idle_s.entries()) {
  const experiment = experimentOf(
    { n: 1, batch_size: 1 },
    {
      windows: 1,
      warmup: { enabled: false, max_runs: 1, min_runs: 1, window: 2, target_cv: 1 },
      energy: { sampler: "auto", trace: null, interval_ms: 100, gain_error: null },
      baseline: { seconds, strategy: "fresh", max_age_s: 3600 },
    },
  );
  exchange.keeps = number < idle_s.length - 1;
  const measurement = await measure({
    experiment,
    model: tinyModel,
    openSession: (signal) => engines.open({ devices: ["cuda:0"], pause_ms: 200, configures: ["sampling"] }, signal),
    engines: exchange,
    openMemorySampler: noMemory,
    sampler: await selectSampler(experiment.measurement.energy, { root: "/nowhere" }),
    phases: new PhaseClock(() => undefined),
    emit: () => undefined,
    signal: new AbortController().signal,
  });
  const { reuse, baselines, windows, recordings } = measurement;
  const result = { windows: windows.map(({ record }) => record), engine: { name: "llama-cpp", version: "1" } } as const;
  told.push({
    reuse,
    kinds: baselines.map(({ kind }) => kind),
    moments: recordings[0]?.states.map(({ moment }) => moment) ?? [],
    idle_w: idlePower(baselines, "bare", "gpu0"),
    same: JSON.stringify(recomputeEnergy(result, rawEnergyOf(measurement)).baseline["idle_power"]),
    stored: JSON.stringify(baselineReadings({ baselines, reuse, windows })["idle_power"]),
  });
}
await engines.clear();
console.log(JSON.stringify(told));
