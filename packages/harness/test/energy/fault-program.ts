/**
 * Runs a whole measurement on a fake engine and this process's NVML, and breaks something on the way: `node
 * fault-program.ts JSON`; live-faults.test.ts runs it. Prints what each window's energy was, or the code of its rejection.
 */
import { writeFileSync } from "node:fs";
import type { Worker } from "node:worker_threads";
import type { LemEvent } from "@lem/domain";
import { idlePower } from "../../src/energy/baseline.ts";
import { selectSampler } from "../../src/energy/select.ts";
import { measure } from "../../src/measure.ts";
import { PhaseClock } from "../../src/phase-clock.ts";
import { experimentOf, tinyModel } from "../support/experiment.ts";
import { FakeEngines, type FakeBehaviour } from "../support/fake-engine.ts";
import { noMemory } from "../support/memory.ts";

interface Order {
  readonly windows: number;
  /** How long each window is. */
  readonly seconds: number;
  /** The window whose end begins the fault. */
  readonly breakAfter?: number;
  /** File that is written then. */
  readonly trigger?: string;
  /** True: the thread that samples is killed then. */
  readonly kill?: boolean;
  readonly engine?: FakeBehaviour;
  readonly idle_s?: number;
  readonly strategy?: "fresh" | "validated" | "cached";
  /** Folder of kept idle powers. */
  readonly idleCache?: string;
}

const order = JSON.parse(process.argv[2] ?? "") as Order;
const threads: Worker[] = [];
process.on("worker", (thread) => threads.push(thread));

function breakNow(): void {
  if (order.trigger !== undefined) writeFileSync(order.trigger, "");
  if (order.kill === true) for (const thread of threads) void thread.terminate();
}

const emit = (event: LemEvent): void => {
  if (event.type === "window-finished" && event.window === order.breakAfter) breakNow();
};

const experiment = experimentOf(
  { n: 1, batch_size: 1 },
  {
    windows: order.windows,
    warmup: { enabled: false, max_runs: 1, min_runs: 1, window: 2, target_cv: 1 },
    energy: { sampler: "auto", trace: null, interval_ms: 100, gain_error: null },
    baseline: { seconds: order.idle_s ?? 0, strategy: order.strategy ?? "fresh", max_age_s: 3600 },
  },
);
const engines = new FakeEngines();
const measurement = await measure({
  experiment,
  model: tinyModel,
  openSession: (signal) =>
    engines.open({ devices: ["cuda:0"], ...order.engine, pause_ms: order.seconds * 1000 }, signal),
  openMemorySampler: noMemory,
  sampler: await selectSampler(experiment.measurement.energy, { root: "/nowhere" }),
  ...(order.idleCache === undefined ? {} : { idleCache: order.idleCache }),
  phases: new PhaseClock(emit),
  emit,
  signal: new AbortController().signal,
});
await engines.clear();
const windows = measurement.windows.map(({ record, energy }) => ({
  length_s: record.length_s,
  energies: "status" in energy ? [] : energy.map((part) => (part.status === "measured" ? part.energy_j : part.code)),
}));
const { reuse, baselines, recordings } = measurement;
console.log(
  JSON.stringify({
    windows,
    recordings: recordings.map(({ sources, states }) => ({ sources, states })),
    reuse,
    bare: baselines.filter(({ kind }) => kind.startsWith("bare")).length,
    baselines_s: measurement.phases.filter(({ phase }) => phase === "baseline").map(({ seconds }) => seconds),
    idle_w: idlePower(baselines, "bare", "gpu0"),
  }),
);
