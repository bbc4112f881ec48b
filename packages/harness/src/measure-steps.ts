import { workerSections } from "@lem/config";
import { LemError, type JsonObject, type WarmupRecord } from "@lem/domain";
import type { Replies, Requests, WorkerEvent, WorkerSession } from "@lem/engines";
import type { PowerWatch } from "./energy/power-watch.ts";
import type { Settling } from "./energy/settling.ts";
import type { KeptEngine } from "./kept-engine.ts";
import type { MeasureOptions } from "./measure-options.ts";
import { runWork } from "./run-work.ts";
import { warmUp } from "./warmup.ts";
import { capacityOf, checkContext, type Capacity } from "./workload/capacity.ts";
import type { Tokenize } from "./workload/inputs.ts";
import { planWork, type PlannedWork } from "./workload/plan.ts";
import { readPrompts, type PromptSet } from "./workload/prompts.ts";
import { specialIds, type Vocabulary } from "./workload/synthetic.ts";

/** The work as far as it is known before the engine starts. */
export interface PreparedWork {
  readonly prompts: PromptSet;
  readonly capacity: Capacity;
}

/** Texts in one tokenize request: lines stay short, whatever the number of prompts. */
const TEXTS_A_REQUEST = 128;

/** Reads the prompts and refuses what the model's context cannot hold. @throws LemError `workload.*`, `config.conflict` */
export async function prepareWork(
  options: Pick<MeasureOptions, "experiment" | "model" | "cwd">,
): Promise<PreparedWork> {
  const { workload } = options.experiment;
  const prompts = await readPrompts(workload, options.cwd);
  const capacity = capacityOf(workload, prompts);
  checkContext(capacity, workload.output_tokens, wholeNumber(options.model.config, "max_position_embeddings"));
  return { prompts, capacity };
}

/** What the engine is asked to load. */
export const loadRequest = ({ experiment, model }: MeasureOptions, capacity: Capacity): Requests["load"] => ({
  model: model.path,
  format: model.format,
  weights: model.weights,
  sections: workerSections(experiment),
  ...capacity,
  seed: experiment.workload.seed,
});

/** Loads the model, and refuses work beyond the context that the engine reports. @throws LemError `worker.*`, `workload.beyond-context` */
export async function loadModel(
  session: WorkerSession,
  options: MeasureOptions,
  request: Requests["load"],
): Promise<Replies["load"]> {
  const load = await session.request("load", request, warningsTo(options));
  checkContext(request, options.experiment.workload.output_tokens, load.model.context_length);
  return load;
}

/**
 * Gives a loaded engine the sections of other requests; what it says of itself is what it said when it was loaded, but
 * for the values that it holds now. @throws LemError `worker.*`, `workload.beyond-context`
 */
export async function configureModel(
  { session, load }: KeptEngine,
  options: MeasureOptions,
  request: Requests["load"],
): Promise<Replies["load"]> {
  const { configures = [] } = session.hello;
  const own = Object.entries(request.sections).filter(([name]) => configures.includes(name));
  const body = { sections: Object.fromEntries(own) };
  const { effective } = await session.request("configure", body, warningsTo(options));
  checkContext(request, options.experiment.workload.output_tokens, load.model.context_length);
  return { ...load, effective };
}

const warningsTo =
  ({ emit }: MeasureOptions) =>
  (event: WorkerEvent): void => {
    if (event.event === "warning") emit({ type: "engine-warning", message: event.message });
  };

/** Tokenises the prompts with the engine's own tokenizer and forms groups. @throws LemError `worker.*`, `workload.*` */
export async function tokenizeWork(
  session: WorkerSession,
  { experiment, model }: MeasureOptions,
  prepared: PreparedWork & { readonly load: Replies["load"] },
): Promise<PlannedWork> {
  const size = prepared.load.model.vocabulary ?? wholeNumber(model.config, "vocab_size");
  const vocabulary: Vocabulary | null = size === null ? null : { size, special: specialIds(model.config) };
  return planWork(experiment.workload, prepared.prompts, { tokenize: tokenizerOf(session), vocabulary });
}

function tokenizerOf(session: WorkerSession): Tokenize {
  return async (texts) => {
    const ids: (readonly number[])[] = [];
    for (let at = 0; at < texts.length; at += TEXTS_A_REQUEST) {
      const body = { texts: texts.slice(at, at + TEXTS_A_REQUEST), add_special_tokens: true };
      const reply = await session.request("tokenize", body);
      if (reply.ids.length !== body.texts.length) {
        throw new LemError("worker.protocol", `the worker tokenised ${reply.ids.length} of ${body.texts.length} texts`);
      }
      ids.push(...reply.ids);
    }
    return ids;
  };
}

/** How the warm-up went, and the thermal gate behind it. */
export interface WarmedUp {
  readonly warmup: WarmupRecord;
  readonly settling: Settling;
}

/** Warms up with the first groups, as many as run side by side: the measured shape. @throws LemError as `runWork` */
export async function warmUpEngine(
  session: WorkerSession,
  { experiment, emit, signal }: MeasureOptions,
  { work, power }: { readonly work: PlannedWork; readonly power: PowerWatch },
): Promise<WarmedUp> {
  const { workload, measurement } = experiment;
  const groups = work.groups.slice(0, workload.concurrency);
  const runOnce = async (): Promise<number> => {
    refuseInterrupted(signal);
    const { reply } = await runWork(session, { window: "warmup", groups, workload }, emit);
    return (reply.end_ns - reply.origin_ns) / 1e9;
  };
  const warmup = await warmUp(measurement.warmup, runOnce, emit);
  if (warmup.status === "skipped") return { warmup, settling: { status: "skipped", seconds: 0 } };
  return { warmup, settling: await power.settle(runOnce) };
}

/** @throws LemError `run.interrupted` once the signal is aborted */
export function refuseInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw new LemError("run.interrupted", "interrupted by the user");
}

/** Unloads the model and ends the worker; the figures are safe by now, so trouble is told, not thrown. */
export async function tearDown(session: WorkerSession, { emit }: MeasureOptions): Promise<void> {
  try {
    await session.request("unload", {});
    await session.close();
  } catch (error) {
    if (!(error instanceof LemError)) throw error;
    emit({ type: "problem", code: error.code, message: error.message });
  }
}

function wholeNumber(config: JsonObject, key: string): number | null {
  const value = config[key];
  return typeof value === "number" && Number.isSafeInteger(value) ? value : null;
}
