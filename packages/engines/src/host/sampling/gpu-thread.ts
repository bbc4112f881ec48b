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
import { counterCall, TickClock, tickPeriod } from "./tick-clock.ts";
import { TickFinder } from "./tick-finder.ts";
import { openClockPairs } from "./wall-clock.ts";

const { gpu, cadence } = workerData as GpuStreamOptions;

/** How far the tick that watching the sources saw may be from where it was, in milliseconds. */
const WATCHED_MS = 4;

const send = (message: FromThread<Batch, GpuAbout>): void => parentPort?.postMessage(message);

const opening = await openNvml();
if (opening.status === "missing") send({ type: "failed", reason: opening.reason, detail: opening.detail });
else {
  const { nvml } = opening;
  const clock = await openClockPairs();
  const { sources, tick_ns } = await discoverSources({ nvml, gpu, clock });
  const sampler = new GpuSampler({ nvml, gpu, clock });
  const stop = new AbortController();
  const drain = (): void => {
    sampler.drain();
    send({ type: "batch", batch: sampler.take() });
  };
  const pause = async (milliseconds: number): Promise<boolean> => {
    await sleep(milliseconds, undefined, { signal: stop.signal }).catch(() => {});
    return !stop.signal.aborted;
  };
  const every = async (interval_ms: number | null, work: () => void | Promise<void>): Promise<void> => {
    if (interval_ms === null) return;
    for (let due = performance.now(); !stop.signal.aborted; due = Math.max(due + interval_ms, performance.now())) {
      if (await pause(Math.max(0, due - performance.now()))) await work();
    }
  };
  const finder = new TickFinder({
    clock: new TickClock(tickPeriod(sources), tick_ns, WATCHED_MS),
    read: () => sampler.readCounter(),
    call_ms: counterCall(sources),
    now: () => Number(process.hrtime.bigint()),
    pause,
  });
  const nextTick = async (): Promise<void> => sampler.noteTick(await finder.next());
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
