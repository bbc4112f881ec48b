import { isLemError, type LemError } from "@lem/domain";
import type { Requests, WorkerSession } from "@lem/engines";
import type { IdleFindings } from "./energy/idle-watch.ts";
import { PowerWatch } from "./energy/power-watch.ts";
import { withSteady } from "./load/with-steady.ts";
import { ranOnGpu } from "./recompute.ts";
import type { KeptEngine } from "./kept-engine.ts";
import type { MeasureOptions } from "./measure-options.ts";
import {
  configureModel,
  loadModel,
  loadRequest,
  prepareWork,
  tearDown,
  tokenizeWork,
  warmUpEngine,
  type PreparedWork,
} from "./measure-steps.ts";
import { measureWindows, type MeasuredPhase } from "./measure-windows.ts";
import type { Measurement } from "./measurement.ts";

/**
 * Measures one experiment: load, tokenise, warm up, measured windows with the model loaded, teardown. The worker is
 * gone when this returns or throws, unless it was left to the next experiment. What fails before the engine is ready is
 * thrown; what fails later, in the warm-up or a window, leaves what is known and the whole windows, with the error in
 * `stopped`.
 * @throws LemError `workload.*`, `worker.*`, `io.*`, `run.interrupted`
 */
export async function measure(options: MeasureOptions): Promise<Measurement> {
  const { phases, engines } = options;
  const prepared = await phases.during("prepare", () => prepareWork(options));
  const request = loadRequest(options, prepared.capacity);
  const power = new PowerWatch(options);
  try {
    await power.start();
    const kept = await engines?.take(request);
    if (kept === undefined) await power.idle("bare-before");
    else power.inherit(kept.bare);
    const session = kept?.session ?? (await phases.during("start", () => options.openSession(options.signal)));
    return await measureWith(session, options, { prepared, request, power, kept });
  } finally {
    await power.stop();
  }
}

interface MeasureParts {
  readonly prepared: PreparedWork;
  readonly request: Requests["load"];
  readonly power: PowerWatch;
  readonly kept: KeptEngine | undefined;
}

/** Measures with an engine that runs, and ends it or leaves it. */
async function measureWith(session: WorkerSession, options: MeasureOptions, parts: MeasureParts): Promise<Measurement> {
  const { power, kept, request } = parts;
  let left = false;
  try {
    const done = await measureSession(session, options, parts);
    const stays = done.stopped === null && mayStay(session, options);
    if (!stays) await session.kill();
    if (done.stopped === null && !stays && kept === undefined) await power.idle("bare-after");
    const { bare, ...measurement } = await withPower(done, options, power);
    if (stays) options.engines?.leave({ session, request, load: done.load, bare });
    left = stays;
    return measurement;
  } finally {
    if (!left) await session.kill();
  }
}

const mayStay = ({ hello }: WorkerSession, { engines }: MeasureOptions): boolean =>
  engines?.keeps === true && hello.configures !== undefined;

/** What is measured with one engine process. */
async function measureSession(
  session: WorkerSession,
  options: MeasureOptions,
  { prepared, request, power, kept }: MeasureParts,
): Promise<SessionMeasurement> {
  const { phases } = options;
  const load =
    kept === undefined
      ? await phases.during("load", () => loadModel(session, options, request))
      : await phases.during("configure", () => configureModel(kept, options, request));
  const work = await phases.during("tokenize", () => tokenizeWork(session, options, { ...prepared, load }));
  await power.idle("loaded-before", session.pid);
  const warmed = await errorOr(phases.during("warmup", () => warmUpEngine(session, options, { work, power })));
  const measured = isLemError(warmed)
    ? nothingMeasured(warmed)
    : await phases.during("measure", () => measureWindows(session, options, work));
  if (measured.stopped === null) {
    await power.idle("loaded-after", session.pid);
    if (!mayStay(session, options)) await phases.during("teardown", () => tearDown(session, options));
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
): Promise<Measurement & Pick<IdleFindings, "bare">> {
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
