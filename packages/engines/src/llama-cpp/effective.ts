import type { JsonObject, JsonValue } from "@lem/domain";
import { GgmlType, type LlamaContext, type LlamaModel } from "node-llama-cpp";
import type { Sections } from "../worker/protocol.ts";
import { effectiveSampling } from "./sampling.ts";

/** What was loaded, and how it was asked for. */
export interface Loaded {
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  /** What was handed to the binding, by section. */
  readonly sections: Sections;
  /** Keys among them that the binding does not know, as `section.key`. */
  readonly ignored: ReadonlySet<string>;
}

/**
 * What the engine holds, by section: read from its objects where they show it, else as it was handed over. Null marks
 * what has no effect.
 */
export function effectiveSections({ model, context, sections, ignored }: Loaded): Sections {
  const observed: Sections = {
    llama: { gpu: model.llama.gpu, maxThreads: model.llama.maxThreads, numa: model.llama.numa },
    model: observedModel(model, sections["model"] ?? {}),
    context: observedContext(context),
    sampling: effectiveSampling(sections["sampling"] ?? {}),
  };
  const handedOver = (section: string): JsonObject => {
    const keys = Object.entries(sections[section] ?? {});
    return Object.fromEntries(keys.map(([key, value]) => [key, ignored.has(`${section}.${key}`) ? null : value]));
  };
  return Object.fromEntries(
    Object.entries(observed).map(([section, seen]) => [section, { ...handedOver(section), ...seen }]),
  );
}

function observedModel(model: LlamaModel, set: JsonObject): JsonObject {
  const { useMlock, metadataOverrides } = set;
  return {
    gpuLayers: model.gpuLayers,
    useMmap: model.useMmap,
    lazyMode: model.lazyMode,
    defaultContextFlashAttention: model.defaultContextFlashAttention,
    defaultContextSwaFullCache: model.defaultContextSwaFullCache,
    experimentalDefaultContextKvCacheKeyType: typeName(model.defaultContextKvCacheKeyType),
    experimentalDefaultContextKvCacheValueType: typeName(model.defaultContextKvCacheValueType),
    ...(useMlock !== undefined && { useMlock: model.llama.supportsMlock && useMlock }),
    ...(metadataOverrides !== undefined && { metadataOverrides: at(model.fileInfo.metadata, metadataOverrides) }),
  };
}

const observedContext = (context: LlamaContext): JsonObject => ({
  sequences: context.totalSequences,
  contextSize: context.contextSize,
  batchSize: context.batchSize,
  threads: context.currentThreads,
  flashAttention: context.flashAttention,
  experimentalKvCacheKeyType: typeName(context.kvCacheKeyType),
  experimentalKvCacheValueType: typeName(context.kvCacheValueType),
});

const typeName = (type: GgmlType): string => GgmlType[type] ?? String(type);

/** The values that some metadata holds where the overrides stand. */
function at(metadata: unknown, overrides: JsonValue): JsonValue {
  if (typeof overrides !== "object" || overrides === null || Array.isArray(overrides)) return plain(metadata);
  const held = (metadata ?? {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(overrides).map(([key, value]) => [key, at(held[key], value as JsonValue)]));
}

const plain = (value: unknown): JsonValue =>
  typeof value === "bigint" ? Number(value) : ((value ?? null) as JsonValue);
