import { LemError, type JsonObject } from "@lem/domain";
import type { Llama, LlamaOptions } from "node-llama-cpp";
import type { BindingVariant } from "./binding.ts";
import type { EngineLog } from "./engine-log.ts";

/** What llama.cpp is started with. */
export interface StartOptions {
  /** The user's options of `getLlama`. */
  readonly llama: JsonObject;
  /** Builds that are on this machine. */
  readonly variants: readonly BindingVariant[];
  readonly log: EngineLog;
}

/**
 * Starts llama.cpp in this process. A GPU is used where binaries for one are installed, which happens only on demand,
 * unless the user says otherwise. The binding's own limit of threads is lifted: it is four at least, and on fewer
 * processors llama.cpp then spins.
 * @throws LemError `engine.unsupported` when the build that is needed is not there
 */
export async function startLlama({ llama, variants, log }: StartOptions): Promise<Llama> {
  refuseMissing(llama["gpu"], variants);
  const { getLlama, LlamaLogLevel, NoBinaryFoundError } = await import("node-llama-cpp");
  const onlyProcessors = variants.every((variant) => variant === "cpu");
  return getLlama({
    gpu: onlyProcessors ? false : "auto",
    maxThreads: 0,
    ...(llama as LlamaOptions),
    build: "never",
    skipDownload: true,
    progressLogs: false,
    logLevel: LlamaLogLevel.warn,
    logger: (level, text) => log.write(level, text),
  }).catch((cause: unknown) => {
    if (!(cause instanceof NoBinaryFoundError)) throw cause;
    const asked = JSON.stringify(llama["gpu"] ?? "auto");
    const message = `llama.cpp with llama.gpu ${asked} does not start here: no device or no driver for it`;
    throw new LemError("engine.unsupported", message, { cause });
  });
}

function refuseMissing(gpu: unknown, variants: readonly BindingVariant[]): void {
  if (variants.length === 0)
    throw new LemError("engine.unsupported", "node-llama-cpp has no binaries for this machine");
  if (typeof gpu !== "string" || gpu === "auto" || variants.some((variant) => variant === gpu)) return;
  const todo = gpu === "metal" ? "" : `; run: lem engines install llama-cpp --variant ${gpu}`;
  throw new LemError("engine.unsupported", `llama.gpu is ${gpu}, and there are no binaries of llama.cpp for it${todo}`);
}
