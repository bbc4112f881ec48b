import { expect, test } from "vitest";
import { workerEnvironment } from "../../src/runners/environment.ts";

test.each([
  "PATH",
  "HOME",
  "LC_ALL",
  "CUDA_VISIBLE_DEVICES",
  "OMP_NUM_THREADS",
  "ATEN_CPU_CAPABILITY",
  "ONEDNN_MAX_CPU_ISA",
  "TORCHDYNAMO_DISABLE",
  "TOKENIZERS_PARALLELISM",
  "https_proxy",
  "HF_HOME",
])("passes %s on", (name) => {
  expect(workerEnvironment({ [name]: "value" }, {})).toEqual({ [name]: "value" });
});

test.each(["HF_TOKEN", "HUGGINGFACE_API_KEY", "VLLM_API_KEY", "PYTHONPATH", "NODE_OPTIONS", "LD_PRELOAD", "EDITOR"])(
  "keeps %s back",
  (name) => {
    expect(workerEnvironment({ [name]: "value" }, {})).toEqual({});
  },
);

test("adds what the command says, which wins", () => {
  const added = { HF_TOKEN: "given", PATH: "/engine" };
  expect(workerEnvironment({ PATH: "/bin", HF_TOKEN: "host", HOME: undefined }, added)).toEqual(added);
});
