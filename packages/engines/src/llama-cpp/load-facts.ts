import { GgufFileType, type LlamaModel } from "node-llama-cpp";
import { residentBytes } from "../worker/process-facts.ts";
import type { Replies } from "../worker/protocol.ts";
import { effectiveSections, type Loaded } from "./effective.ts";

/** What the engine says about what it loaded. */
export async function loadFacts(loaded: Loaded): Promise<Omit<Replies["load"], "load_ns">> {
  const { model } = loaded;
  const onGpu = model.llama.gpu !== false;
  return {
    effective: effectiveSections(loaded),
    model: modelFacts(model),
    devices: onGpu ? await model.llama.getGpuDeviceNames() : ["cpu"],
    threads: loaded.context.currentThreads,
    process_b: residentBytes(),
    device_b: onGpu ? model.memoryUsage.vram + loaded.context.memoryUsage.vram : null,
  };
}

function modelFacts(model: LlamaModel): Replies["load"]["model"] {
  const { metadata, fullTensorInfo } = model.fileInfo;
  const { architecture, file_type: fileType } = metadata.general;
  return {
    architecture: architecture ?? null,
    parameters: fullTensorInfo === undefined ? null : sum(fullTensorInfo.map(({ dimensions }) => product(dimensions))),
    dtype: fileType === undefined ? null : (GgufFileType[fileType]?.replace(/^(MOSTLY|ALL)_/, "") ?? null),
    context_length: model.trainContextSize,
    vocabulary: metadata.tokenizer?.ggml?.tokens?.length ?? null,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const product = (numbers: readonly (number | bigint)[]): number =>
  numbers.reduce<number>((total, one) => total * Number(one), 1);
