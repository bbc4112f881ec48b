import type { EngineId } from "@lem/domain";
import * as z from "zod";

/** A native section with its meaning for readers of the configuration reference. */
interface SectionDescription {
  readonly name: string;
  readonly meaning: string;
  /** True for parameters of requests: a loaded model can serve others. */
  readonly ofRequests: boolean;
}

const section = (name: string, meaning: string): SectionDescription => ({ name, meaning, ofRequests: false });
const requests = (name: string, meaning: string): SectionDescription => ({ name, meaning, ofRequests: true });

/** The native sections of each engine. Their keys are the engine's own and are checked by its parameter schema. */
const SECTIONS: Readonly<Record<EngineId, readonly SectionDescription[]>> = {
  transformers: [
    section("load", "Keywords of `from_pretrained`: dtype, device_map, attn_implementation, ..."),
    requests("generation", "Fields of `GenerationConfig`: do_sample, temperature, num_beams, ..."),
    section("quantization", "The quantization configuration, with its `quant_method`."),
    section("tokenizer", "Keywords of the tokenizer's `from_pretrained`."),
    section("adapter", "A LoRA adapter to apply."),
    section("compile", "Keywords of `torch.compile`; without this section the model is not compiled."),
  ],
  vllm: [section("engine", "Fields of `EngineArgs`."), requests("sampling", "Fields of `SamplingParams`.")],
  "tensorrt-llm": [section("engine", "Fields of `LlmArgs`."), requests("sampling", "Fields of `SamplingParams`.")],
  "llama-cpp": [
    section("llama", "Options of the binding's `getLlama`: gpu (false, auto, cuda, vulkan, metal), numa, ..."),
    section("model", "Options of the binding's `loadModel`: gpuLayers, useMmap, ..."),
    section("context", "Options of its `createContext`: contextSize, batchSize, flashAttention, ..."),
    requests("sampling", "Sampling options of its sequences: temperature, topK, topP, ..."),
  ],
};

/** Names of the native sections of an engine, in their order. */
export const sectionNames = (engine: EngineId): readonly string[] => SECTIONS[engine].map(({ name }) => name);

/** True for a section that a model is loaded with; the others hold for requests. */
export const isLoadSection = (engine: EngineId, name: string): boolean =>
  SECTIONS[engine].some((each) => each.name === name && !each.ofRequests);

/** One engine's part of the file. */
export type ParsedEngineSections = Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;

const parameters = z.record(z.string(), z.unknown());

/** The schema of one engine's part of the file. */
export function engineSchema(engine: EngineId, title: string): z.ZodType<ParsedEngineSections | undefined> {
  const names = SECTIONS[engine].map(({ name, meaning }) => [name, parameters.optional().describe(meaning)] as const);
  const passed = SECTIONS[engine].map(
    ({ name }) => [name, parameters.optional().describe(`Passed on into \`${name}\`.`)] as const,
  );
  const extra = z
    .strictObject(Object.fromEntries(passed))
    .optional()
    .describe(
      "Keys by section that the parameter schema does not know: passed on unchecked, and marked so in the result.",
    );
  return z
    .strictObject({ ...Object.fromEntries(names), extra })
    .optional()
    .describe(`Native parameters of ${title}, for \`engine: ${engine}\` only.`) as z.ZodType<
    ParsedEngineSections | undefined
  >;
}
