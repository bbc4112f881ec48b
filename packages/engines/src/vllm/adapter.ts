import type { EngineAdapter } from "../adapter.ts";

/** vLLM: its name and the shape of its YAML are known, a worker for it is not part of this version. */
export const vllmAdapter: EngineAdapter = {
  id: "vllm",
  title: "vLLM",
  sections: ["engine", "sampling"],
  formats: ["hf-folder"],
  concurrent: true,
  locate: () =>
    Promise.resolve({
      status: "missing",
      reason: "lem cannot start vLLM yet: this version has no worker for it",
      hint: "choose the engine llama-cpp or transformers",
    }),
};
