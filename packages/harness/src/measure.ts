import { isLemError, type LemError } from "@lem/domain";
import type { MeasureOptions } from "./measure-options.ts";
import { loadModel, prepareWork, tearDown, tokenizeWork, warmUpEngine } from "./measure-steps.ts";
import { measureWindows, type MeasuredPhase } from "./measure-windows.ts";
import type { Measurement } from "./measurement.ts";

/**
 * Measures one experiment: load, tokenise, warm up, measured windows with the model loaded, teardown. The worker is
 * gone when this returns or throws. What fails before the engine is ready is thrown; what fails later, in the warm-up
 * or a window, leaves what is known and the whole windows, with the error in `stopped`.
 * @throws LemError `workload.*`, `worker.*`, `run.interrupted`
 */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const { phases, sampler } = options;
  const prepared = await phases.during("prepare", () => prepareWork(options));
  const session = await phases.during("start", () => options.openSession(options.signal));
  try {
    const load = await phases.during("load", () => loadModel(session, options, prepared.capacity));
    const work = await phases.during("tokenize", () => tokenizeWork(session, options, { ...prepared, load }));
    const warmup = await errorOr(phases.during("warmup", () => warmUpEngine(session, options, work)));
    const measured = isLemError(warmup)
      ? nothingMeasured(warmup)
      : await phases.during("measure", () => measureWindows(session, options, work));
    if (measured.stopped === null) await phases.during("teardown", () => tearDown(session, options));
    return {
      ...measured,
      hello: session.hello,
      load,
      work,
      warmup: isLemError(warmup) ? null : warmup,
      sampler: sampler.status === "available" ? sampler.sampler.name : null,
      phases: phases.records,
    };
  } finally {
    await session.kill();
  }
}

const nothingMeasured = (stopped: LemError): MeasuredPhase => ({ windows: [], samples: [], gaps: [], stopped });

/** What some work gave, or the LemError that ended it. */
const errorOr = <T>(work: Promise<T>): Promise<T | LemError> =>
  work.catch((error: unknown) => {
    if (isLemError(error)) return error;
    throw error;
  });
