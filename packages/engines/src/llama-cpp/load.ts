import { availableParallelism } from "node:os";
import { LemError, type JsonObject } from "@lem/domain";
import type { Llama, LlamaContext, LlamaContextOptions, LlamaModel, LlamaModelOptions } from "node-llama-cpp";
import type { Requests } from "../worker/protocol.ts";
import type { EmitEvent } from "../worker/serve.ts";
import type { EngineLog } from "./engine-log.ts";

/** A model with the one context in which all its requests run. */
export interface LoadedModel {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
}

/** What loading needs besides the request. */
export interface LoadTools {
  readonly llama: Llama;
  readonly log: EngineLog;
  readonly emit: EmitEvent;
}

/**
 * Loads a model and makes a context with a place for every sequence. Where the user says nothing, sequences and
 * context size follow the workload, and threads the processors (see {@link defaultThreads}).
 * @throws LemError `engine.unsupported` when the user's context cannot hold the workload, or what the engine raises
 */
export async function loadModel(request: Requests["load"], { llama, log, emit }: LoadTools): Promise<LoadedModel> {
  const options = { ...request.sections["model"], modelPath: request.model, onLoadProgress: reporter(emit) };
  const model = await log.during(() => llama.loadModel(options as LlamaModelOptions));
  try {
    for (const message of model.getWarnings()) emit({ event: "warning", message });
    const context = await log.during(() => model.createContext(contextOptions(request, llama)));
    refuseSmallContext(context, request);
    return { model, context };
  } catch (error) {
    await model.dispose();
    throw error;
  }
}

function contextOptions(
  { sections, parallel, max_sequence_tokens }: Requests["load"],
  llama: Llama,
): LlamaContextOptions {
  const needed: JsonObject = {
    sequences: parallel,
    contextSize: max_sequence_tokens,
    threads: defaultThreads(llama),
  };
  return { ...needed, ...sections["context"] } as LlamaContextOptions;
}

/**
 * The engine's own number of cores for computing, but one processor less than this process may use: its threads spin
 * while they wait for one another, so a thread that must share its processor with the host holds up all of them.
 */
const defaultThreads = ({ cpuMathCores }: Llama): number =>
  Math.max(1, Math.min(cpuMathCores, availableParallelism() - 1));

/** The engine would drop the beginning of a sequence that does not fit, which is other work than the one asked for. */
function refuseSmallContext(context: LlamaContext, { max_sequence_tokens }: Requests["load"]): void {
  if (context.contextSize >= max_sequence_tokens) return;
  throw new LemError(
    "engine.unsupported",
    `context.contextSize gives each sequence ${context.contextSize} tokens, and the workload needs ${max_sequence_tokens}`,
  );
}

/** Tells of whole per cents only. */
function reporter(emit: EmitEvent): (share: number) => void {
  let told = -1;
  return (share) => {
    const percent = Math.floor(share * 100);
    if (percent <= told) return;
    told = percent;
    emit({ event: "progress", share: percent / 100, what: "weights" });
  };
}
