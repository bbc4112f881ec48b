import { isLemError, nanoseconds, type LemError, type RequestTimeline, type WindowRecord } from "@lem/domain";
import type { Replies, WorkerSession } from "@lem/engines";
import type { ProcessMemorySampler } from "@lem/engines/host";
import type { MeasureOptions } from "./measure-options.ts";
import { refuseInterrupted } from "./measure-steps.ts";
import type { WindowWithoutEnergy } from "./measurement.ts";
import { runWork } from "./run-work.ts";
import type { PlannedWork } from "./workload/plan.ts";

/** The measured phase: its whole windows, and what ended it before its time, if anything. */
export interface MeasuredPhase {
  readonly windows: readonly WindowWithoutEnergy[];
  readonly stopped: LemError | null;
}

/** Runs the whole work once a window, with the model loaded. Never throws a LemError. */
export async function measureWindows(
  session: WorkerSession,
  options: MeasureOptions,
  work: PlannedWork,
): Promise<MeasuredPhase> {
  const memory = options.openMemorySampler(session.pid);
  const windows: WindowWithoutEnergy[] = [];
  let stopped: LemError | null = null;
  try {
    while (windows.length < options.experiment.measurement.windows) {
      windows.push(await measureWindow({ session, memory, work, window: windows.length + 1 }, options));
    }
  } catch (error) {
    if (!isLemError(error)) throw error;
    stopped = error;
  } finally {
    memory.stop();
  }
  return { windows, stopped };
}

interface WindowParts {
  readonly session: WorkerSession;
  readonly memory: ProcessMemorySampler;
  readonly work: PlannedWork;
  readonly window: number;
}

async function measureWindow(parts: WindowParts, options: MeasureOptions): Promise<WindowWithoutEnergy> {
  const { session, memory, work, window } = parts;
  const { emit, experiment } = options;
  refuseInterrupted(options.signal);
  const { timelines, reply, steps } = await runWork(
    session,
    { window, groups: work.groups, workload: experiment.workload },
    emit,
  );
  const used = memory.between(nanoseconds(reply.origin_ns), nanoseconds(reply.end_ns));
  const record = windowRecord(window, timelines, reply);
  const { length_s: seconds, output_tokens } = record;
  const of = experiment.measurement.windows;
  emit({ type: "window-finished", window, of, seconds, output_tokens_per_second: output_tokens / seconds });
  return { record, end_ns: reply.end_ns, timelines, reply, steps, memory: used };
}

/** Counts a window: completed requests only, failed work never counts. */
export function windowRecord(
  window: number,
  timelines: readonly RequestTimeline[],
  reply: Pick<Replies["run"], "origin_ns" | "end_ns" | "cpu_s">,
): WindowRecord {
  const completed = timelines.filter((timeline) => timeline.finish !== "cancelled");
  return {
    window,
    origin_ns: reply.origin_ns,
    length_s: (reply.end_ns - reply.origin_ns) / 1e9,
    input_tokens: completed.reduce((sum, timeline) => sum + timeline.input_tokens, 0),
    output_tokens: completed.reduce((sum, timeline) => sum + timeline.output_tokens, 0),
    completed: completed.length,
    cpu_s: reply.cpu_s,
  };
}
