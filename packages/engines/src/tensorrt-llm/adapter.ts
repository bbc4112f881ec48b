import type { EngineAdapter } from "../adapter.ts";

/** TensorRT-LLM: its name and the shape of its YAML are known, a worker for it is not part of this version. */
export const tensorrtLlmAdapter: EngineAdapter = {
  id: "tensorrt-llm",
  title: "TensorRT-LLM",
  sections: ["engine", "sampling"],
  formats: ["hf-folder"],
  concurrent: true,
  locate: () =>
    Promise.resolve({
      status: "missing",
      reason: "lem cannot start TensorRT-LLM yet: this version has no worker for it",
      hint: "choose the engine llama-cpp or transformers",
    }),
};
