import { isLemError, type LemError } from "@lem/domain";
import type { WorkerSession } from "@lem/engines";
import { PowerWatch } from "./energy/power-watch.ts";
import { withSteady } from "./load/with-steady.ts";
import { ranOnGpu } from "./recompute.ts";
import type { MeasureOptions } from "./measure-options.ts";
import { loadModel, prepareWork, tearDown, tokenizeWork, warmUpEngine, type PreparedWork } from "./measure-steps.ts";
import { measureWindows, type MeasuredPhase } from "./measure-windows.ts";
import type { Measurement } from "./measurement.ts";

/**
 * Measures one experiment: load, tokenise, warm up, measured windows with the model loaded, teardown. The worker is
 * gone when this returns or throws. What fails before the engine is ready is thrown; what fails later, in the warm-up
 * or a window, leaves what is known and the whole windows, with the error in `stopped`.
 * @throws LemError `workload.*`, `worker.*`, `run.interrupted`
 */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const { phases } = options;
  const prepared = await phases.during("prepare", () => prepareWork(options));
  const power = new PowerWatch(options);
  try {
    await power.start();
    await power.idle("bare-before");
    const session = await phases.during("start", () => options.openSession(options.signal));
    const done = await measureSession(session, options, { prepared, power }).finally(() => session.kill());
    if (done.stopped === null) await power.idle("bare-after");
    return await withPower(done, options, power);
  } finally {
    await power.stop();
  }
}

/** What is measured with one engine process. */
async function measureSession(
  session: WorkerSession,
  options: MeasureOptions,
  { prepared, power }: { readonly prepared: PreparedWork; readonly power: PowerWatch },
): Promise<SessionMeasurement> {
  const { phases } = options;
  const load = await phases.during("load", () => loadModel(session, options, prepared.capacity));
  const work = await phases.during("tokenize", () => tokenizeWork(session, options, { ...prepared, load }));
  await power.idle("loaded-before", session.pid);
  const warmed = await errorOr(phases.during("warmup", () => warmUpEngine(session, options, { work, power })));
  const measured = isLemError(warmed)
    ? nothingMeasured(warmed)
    : await phases.during("measure", () => measureWindows(session, options, work));
  if (measured.stopped === null) {
    await power.idle("loaded-after", session.pid);
    await phases.during("teardown", () => tearDown(session, options));
  }
  const warmup = isLemError(warmed) ? { warmup: null, settling: null } : warmed;
  return { ...measured, ...warmup, hello: session.hello, load, work };
}

type SessionMeasurement = MeasuredPhase & Pick<Measurement, "hello" | "load" | "work" | "warmup" | "settling">;

/** Adds what the energy sampler knows, when nothing can be disturbed by asking any more. */
async function withPower(
  done: SessionMeasurement,
  { sampler, phases }: MeasureOptions,
  power: PowerWatch,
): Promise<Measurement> {
  const windows = await power.withEnergy(done.windows, { gpuExpected: ranOnGpu(done.load.devices) });
  const idleness = await power.idleness();
  await power.stop();
  const source = sampler.status === "available" ? sampler.sampler : null;
  const recordings = source?.recordings() ?? [];
  return {
    ...done,
    windows: withSteady(windows, recordings),
    ...idleness,
    sampler: source?.name ?? null,
    samples: source?.samples() ?? [],
    gaps: source?.gaps() ?? [],
    recordings,
    phases: phases.records,
  };
}

const nothingMeasured = (stopped: LemError): MeasuredPhase => ({ windows: [], stopped });

/** What some work gave, or the LemError that ended it. */
const errorOr = <T>(work: Promise<T>): Promise<T | LemError> =>
  work.catch((error: unknown) => {
    if (isLemError(error)) return error;
    throw error;
  });
