/** Entry of the thread that samples one GPU; gpu-stream.ts starts it. */
import { setTimeout as sleep } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { openNvml } from "../nvml/bindings.ts";
import { GpuSampler } from "./gpu-sampler.ts";
import type { GpuStreamOptions, ToStream, FromStream } from "./gpu-stream.ts";
import { openClockPairs } from "./wall-clock.ts";

const { gpu, cadence } = workerData as GpuStreamOptions;

/** Milliseconds before the expected tick at which the counter is read first: a call and a bit. */
const TICK_LEAD_MS = 6;
/** Milliseconds between two changes of the counter, until its own period is known. */
const TICK_PERIOD_MS = 100;

const send = (message: FromStream): void => parentPort?.postMessage(message);

const opening = await openNvml();
if (opening.status === "missing") send({ type: "failed", reason: opening.reason, detail: opening.detail });
else {
  const sampler = new GpuSampler({ nvml: opening.nvml, gpu, clock: await openClockPairs() });
  const stop = new AbortController();
  const drain = (flush: number | null): void => {
    sampler.drain();
    send({ type: "batch", batch: sampler.take(), flush });
  };
  const every = async (interval_ms: number | null, work: () => void | Promise<void>): Promise<void> => {
    if (interval_ms === null) return;
    for (let due = performance.now(); !stop.signal.aborted; due = Math.max(due + interval_ms, performance.now())) {
      await sleep(Math.max(0, due - performance.now()), undefined, { signal: stop.signal }).catch(() => {});
      if (!stop.signal.aborted) await work();
    }
  };
  let tick_ns: number | undefined;
  const nextTick = async (): Promise<void> => {
    if (tick_ns !== undefined) {
      const since_ms = Number(process.hrtime.bigint()) / 1e6 - tick_ns / 1e6;
      const phase_ms = (since_ms + TICK_LEAD_MS) % TICK_PERIOD_MS;
      await sleep(Math.max(0, TICK_PERIOD_MS - phase_ms));
    }
    if (!stop.signal.aborted) tick_ns = sampler.awaitTick();
  };
  parentPort?.on("message", (message: ToStream) => {
    if (message.type === "flush") drain(message.id);
    else {
      stop.abort();
      drain(null);
      sampler.close();
      opening.nvml.close();
      send({ type: "stopped" });
      parentPort?.close();
    }
  });
  sampler.readGauges();
  send({ type: "started" });
  await Promise.all([
    every(cadence.drain_ms, () => drain(null)),
    every(cadence.counter_ms, nextTick),
    every(cadence.gauges_ms, () => sampler.readGauges()),
    every(cadence.power_fields_ms, () => sampler.readPowerFields()),
  ]);
}
