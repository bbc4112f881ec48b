import { LemError } from "@lem/domain";
import type { Llama } from "node-llama-cpp";
import { findBinding } from "./binding.ts";
import type { EngineLog } from "./engine-log.ts";

/**
 * Starts llama.cpp in this process. A GPU is used where binaries for one are installed, which happens only on demand.
 * The binding's own limit of threads is lifted: it is four at least, and on fewer processors llama.cpp then spins.
 * @throws LemError `engine.unsupported` when the binaries are gone
 */
export async function startLlama(log: EngineLog): Promise<Llama> {
  const variant = findBinding()?.variants[0];
  if (variant === undefined)
    throw new LemError("engine.unsupported", "node-llama-cpp has no binaries for this machine");
  const { getLlama, LlamaLogLevel } = await import("node-llama-cpp");
  return getLlama({
    gpu: variant === "cpu" ? false : "auto",
    build: "never",
    skipDownload: true,
    progressLogs: false,
    maxThreads: 0,
    logLevel: LlamaLogLevel.warn,
    logger: (level, text) => log.write(level, text),
  });
}
