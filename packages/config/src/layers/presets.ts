import type { EngineId } from "@lem/domain";
import { withEntries, emptyMap, type Located, type MapNode, type Mark } from "../yaml/located.ts";

/** A way of sampling in no engine's words. */
interface SamplingPreset {
  /** Zero means greedy: always the most likely token, and the other fields have no effect. */
  readonly temperature: number;
  readonly top_p: number;
  readonly repetition_penalty: number;
}

/** The presets; top-k is off in each, as the engines' own defaults for it differ. */
const PRESETS: ReadonlyMap<string, SamplingPreset> = new Map(
  Object.entries({
    deterministic: { temperature: 0, top_p: 1, repetition_penalty: 1 },
    standard: { temperature: 1, top_p: 0.95, repetition_penalty: 1 },
    creative: { temperature: 0.8, top_p: 0.9, repetition_penalty: 1.1 },
    factual: { temperature: 0.3, top_p: 1, repetition_penalty: 1 },
  }),
);

/** Names of the sampling presets. */
export const PRESET_NAMES: readonly string[] = [...PRESETS.keys()];

/** A native value of a preset; `float` writes a whole number as a float, which Python engines tell apart. */
type Native = boolean | number | { readonly float: number } | { readonly [key: string]: Native };

interface NativePreset {
  readonly section: string;
  readonly values: Readonly<Record<string, Native>>;
}

const isGreedy = (preset: SamplingPreset): boolean => preset.temperature === 0;
const isFloat = (value: Native): value is { readonly float: number } =>
  typeof value === "object" && typeof value["float"] === "number";

/** Each engine's own names for a preset. */
const NATIVE: Readonly<Record<EngineId, (preset: SamplingPreset) => NativePreset>> = {
  transformers: (preset) => ({
    section: "generation",
    values: isGreedy(preset)
      ? { do_sample: false }
      : {
          do_sample: true,
          temperature: { float: preset.temperature },
          top_p: { float: preset.top_p },
          top_k: 0,
          ...pythonPenalty(preset),
        },
  }),
  vllm: (preset) => ({ section: "sampling", values: pythonSampling(preset) }),
  "tensorrt-llm": (preset) => ({ section: "sampling", values: pythonSampling(preset) }),
  "llama-cpp": (preset) => ({
    section: "sampling",
    values: isGreedy(preset) ? { temperature: 0 } : { temperature: preset.temperature, topP: preset.top_p, topK: 0 },
  }),
};

/**
 * What an engine cannot do of a preset, in words; undefined when it can do all. The parameters of llama-cpp punish a
 * fixed list of tokens, not those of the text so far, so a repetition penalty cannot be said in them.
 */
export function missingInPreset(name: string, engine: EngineId): string | undefined {
  const penalty = PRESETS.get(name)?.repetition_penalty ?? 1;
  return engine === "llama-cpp" && penalty !== 1 ? `a repetition penalty of ${penalty}` : undefined;
}

const pythonPenalty = ({ repetition_penalty }: SamplingPreset): NativePreset["values"] =>
  repetition_penalty === 1 ? {} : { repetition_penalty: { float: repetition_penalty } };

const pythonSampling = (preset: SamplingPreset): NativePreset["values"] =>
  isGreedy(preset)
    ? { temperature: { float: 0 } }
    : {
        temperature: { float: preset.temperature },
        top_p: { float: preset.top_p },
        top_k: 0,
        ...pythonPenalty(preset),
      };

/** The layer that a preset makes for an engine, every part marked with the place of `preset:`; undefined for no such name. */
export function presetLayer(name: string, engine: EngineId, mark: Mark): MapNode | undefined {
  const preset = PRESETS.get(name);
  if (preset === undefined) return undefined;
  const native = NATIVE[engine](preset);
  return locate({ [engine]: { [native.section]: native.values } }, mark) as MapNode;
}

/** What `execution.force_cold_start` presets, marked with its place; whatever a file says itself is stronger. */
export const coldStartLayer = (mark: Mark): MapNode =>
  locate({ measurement: { warmup: { enabled: false }, thermal: { gate: false } } }, mark) as MapNode;

function locate(value: Native, mark: Mark): Located {
  if (isFloat(value)) return { kind: "scalar", value: value.float, float: true, mark, origin: "preset" };
  if (typeof value !== "object") return { kind: "scalar", value, float: false, mark, origin: "preset" };
  const entries = Object.entries(value).map(
    ([key, inner]) => [key, { key: mark, value: locate(inner, mark) }] as const,
  );
  return { ...withEntries(emptyMap("preset"), entries), mark };
}
