import type { Emit, RequestTimeline } from "@lem/domain";
import type { ResolvedWorkload } from "@lem/config";
import type { Replies, WorkerEvent, WorkerSession, WorkRequest } from "@lem/engines";
import { ProgressMeter } from "./progress-meter.ts";
import { TimelineRecorder } from "./timeline-recorder.ts";

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
}

/**
 * Runs groups and records what each request went through.
 * @throws LemError `worker.*`, `measure.token-mismatch`
 */
export async function runWork(session: WorkerSession, run: WorkRun, emit: Emit): Promise<RanWork> {
  const { groups, workload } = run;
  const requests = groups.flat();
  const recorder = new TimelineRecorder({ window: run.window, requests, pinnedOutput: workload.pin_output });
  const total = requests.reduce((sum, request) => sum + request.output_tokens, 0);
  const meter = new ProgressMeter(emit, { window: run.window, total });
  const body = { groups, concurrency: workload.concurrency, pinned_output: workload.pin_output, seed: workload.seed };
  const reply = await session.request("run", body, (event: WorkerEvent) => {
    recorder.accept(event);
    if (event.event === "tokens") meter.update(recorder.received);
    else if (event.event === "warning") emit({ type: "engine-warning", message: event.message });
  });
  return { timelines: recorder.finish(reply.origin_ns), reply };
}
