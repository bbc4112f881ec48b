import { fileURLToPath } from "node:url";
import type { EngineAdapter } from "../adapter.ts";
import { locatePythonEngine } from "../python-engine.ts";

const WORKER = { engine: "transformers", script: fileURLToPath(new URL("./worker.py", import.meta.url)) } as const;

/** Hugging Face transformers on PyTorch, in a virtual environment that lem installs. */
export const transformersAdapter: EngineAdapter = {
  id: "transformers",
  title: "Hugging Face transformers",
  sections: ["load", "generation", "quantization", "tokenizer", "adapter", "compile"],
  formats: ["hf-folder", "gguf"],
  concurrent: false,
  locate: (options) => locatePythonEngine(WORKER, options),
};
