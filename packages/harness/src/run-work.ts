import { LemError, type Emit, type RequestTimeline } from "@lem/domain";
import type { ResolvedWorkload } from "@lem/config";
import type { Replies, WorkerEvent, WorkerSession, WorkRequest } from "@lem/engines";
import { StepCollector, type EngineSteps } from "./engine-steps.ts";
import { ProgressMeter } from "./progress-meter.ts";
import { TimelineRecorder, type RunEdges } from "./timeline-recorder.ts";

/** One run of groups through a loaded engine. */
export interface WorkRun {
  readonly window: number | "warmup";
  readonly groups: readonly (readonly WorkRequest[])[];
  readonly workload: Pick<ResolvedWorkload, "concurrency" | "pin_output" | "seed">;
}

/** What a run gave. */
export interface RanWork {
  readonly timelines: readonly RequestTimeline[];
  readonly reply: Replies["run"];
  /** Null when the engine tells of none. */
  readonly steps: EngineSteps | null;
}

/**
 * Runs groups and records what each request went through.
 * @throws LemError `worker.*`, `measure.token-mismatch`; `worker.protocol` for times that cannot be true
 */
export async function runWork(session: WorkerSession, run: WorkRun, emit: Emit): Promise<RanWork> {
  const { groups, workload } = run;
  const requests = groups.flat();
  const recorder = new TimelineRecorder({ window: run.window, requests, pinnedOutput: workload.pin_output });
  const steps = new StepCollector();
  const total = requests.reduce((sum, request) => sum + request.output_tokens, 0);
  const meter = new ProgressMeter(emit, { window: run.window, total });
  const body = { groups, concurrency: workload.concurrency, pinned_output: workload.pin_output, seed: workload.seed };
  const askedNs = monotonicNs();
  const reply = await session.request("run", body, (event: WorkerEvent) => {
    recorder.accept(event);
    steps.accept(event);
    if (event.event === "tokens") meter.update(recorder.received);
    else if (event.event === "warning") emit({ type: "engine-warning", message: event.message });
  });
  refuseForeignClock(reply, { from: askedNs, to: monotonicNs() });
  return { timelines: recorder.finish(reply), reply, steps: steps.take() };
}

const monotonicNs = (): number => Number(process.hrtime.bigint());

/**
 * The run lies within the time in which the host waited for it, or the two read different clocks; then memory and
 * energy, which the host samples, would be those of another time. Only Linux promises one clock to all processes.
 */
function refuseForeignClock(
  { origin_ns, end_ns }: RunEdges,
  waited: { readonly from: number; readonly to: number },
): void {
  if (process.platform !== "linux" || (origin_ns >= waited.from && end_ns <= waited.to)) return;
  throw new LemError("worker.protocol", "the engine's clock is not the clock of this machine", {
    hint: "samples of memory and power could not be laid over its run; run the engine on this machine",
    context: { origin_ns, end_ns, ...waited },
  });
}
