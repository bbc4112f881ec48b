import { fileURLToPath } from "node:url";
import type { EngineAdapter } from "../adapter.ts";
import { locatePythonEngine } from "../python-engine.ts";

const WORKER = {
  engine: "vllm",
  script: fileURLToPath(new URL("./worker.py", import.meta.url)),
  /** No figures about the use of the engine leave the machine. */
  env: { VLLM_NO_USAGE_STATS: "1" },
} as const;

/** vLLM's asynchronous engine, in a virtual environment that lem installs. */
export const vllmAdapter: EngineAdapter = {
  id: "vllm",
  title: "vLLM",
  sections: ["engine", "sampling"],
  formats: ["hf-folder"],
  concurrent: true,
  locate: (options) => locatePythonEngine(WORKER, options),
};
