/** Entry of the thread that samples one GPU; gpu-stream.ts starts it. */
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { openNvml } from "../nvml/bindings.ts";
import type { Batch } from "./batch.ts";
import { discoverSources } from "./discover-sources.ts";
import { GpuSampler } from "./gpu-sampler.ts";
import { readGpuState } from "./gpu-state.ts";
import type { GpuAbout, GpuStreamOptions } from "./gpu-stream.ts";
import type { FromThread, ToThread } from "./sampling-thread.ts";
import { openClockPairs } from "./wall-clock.ts";

const { gpu, cadence } = workerData as GpuStreamOptions;

/** Milliseconds before the expected tick at which the counter is read first: a call and a bit. */
const TICK_LEAD_MS = 6;
/** Milliseconds between two changes of the counter, where its own period was not found. */
const TICK_PERIOD_MS = 100;

const send = (message: FromThread<Batch, GpuAbout>): void => parentPort?.postMessage(message);

const opening = await openNvml();
if (opening.status === "missing") send({ type: "failed", reason: opening.reason, detail: opening.detail });
else {
  const { nvml } = opening;
  const clock = await openClockPairs();
  const sources = discoverSources({ nvml, gpu, clock });
  const sampler = new GpuSampler({ nvml, gpu, clock });
  const stop = new AbortController();
  const drain = (): void => {
    sampler.drain();
    send({ type: "batch", batch: sampler.take() });
  };
  const every = async (interval_ms: number | null, work: () => void | Promise<void>): Promise<void> => {
    if (interval_ms === null) return;
    for (let due = performance.now(); !stop.signal.aborted; due = Math.max(due + interval_ms, performance.now())) {
      await sleep(Math.max(0, due - performance.now()), undefined, { signal: stop.signal }).catch(() => {});
      if (!stop.signal.aborted) await work();
    }
  };
  const counter = sources.find(({ source }) => source === "counter")?.period;
  let period_ms = counter?.status === "measured" ? counter.value : TICK_PERIOD_MS;
  let tick_ms: number | undefined;
  /** Sleeps until shortly before the next tick, and learns the counter's period better with each. */
  const nextTick = async (): Promise<void> => {
    const before_ms = tick_ms;
    if (before_ms !== undefined) {
      const since_ms = Number(process.hrtime.bigint()) / 1e6 - before_ms;
      await sleep(Math.max(0, period_ms - ((since_ms + TICK_LEAD_MS) % period_ms)));
    }
    if (stop.signal.aborted) return;
    const tick_ns = sampler.awaitTick();
    tick_ms = tick_ns === undefined ? undefined : tick_ns / 1e6;
    if (before_ms === undefined || tick_ms === undefined) return;
    const periods = Math.round((tick_ms - before_ms) / period_ms);
    if (periods > 0) period_ms = (tick_ms - before_ms) / periods;
  };
  const answer = (question: string): unknown => {
    if (question === "state") return readGpuState(nvml, gpu);
    drain();
    return true;
  };
  parentPort?.on("message", (message: ToThread) => {
    if (message.type === "ask") send({ type: "answer", id: message.id, value: answer(message.question) });
    else {
      stop.abort();
      drain();
      sampler.close();
      nvml.close();
      parentPort?.close();
    }
  });
  sampler.readGauges();
  send({ type: "started", about: { sources } });
  await Promise.all([
    every(cadence.drain_ms, drain),
    every(cadence.counter_ms, nextTick),
    every(cadence.gauges_ms, () => sampler.readGauges()),
    every(cadence.power_fields_ms, () => sampler.readPowerFields()),
  ]);
}
