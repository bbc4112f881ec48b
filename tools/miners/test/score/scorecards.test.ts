import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Corpus } from "@lem/config/corpus";
import type { EngineId } from "@lem/domain";
import { readEngineVersions } from "@lem/engines";
import { describe, expect, it } from "vitest";
import type { Score } from "../../src/score/scorecard.ts";
import type { Scorecard } from "../../src/score/score.ts";

const CORPORA = join(import.meta.dirname, "../../../../corpora");
const folders = globSync("*/*/invariants.json", { cwd: CORPORA }).map(dirname).toSorted();
const read = <T>(folder: string, file: string): T => JSON.parse(readFileSync(join(CORPORA, folder, file), "utf8")) as T;

/** What the rules of a class or family must reach on typed keys. */
interface Gate {
  readonly recall: number;
  readonly notice?: { readonly precision: number; readonly recall: number };
  readonly effective?: number;
  /** Of typed refusals, those that a rule of their own place foretells. */
  readonly attributed?: number;
  /** Of places that refuse, those that are foretold. */
  readonly places?: number;
  /** The share of wild inputs that the class takes and the rules may refuse. */
  readonly wildWrong?: number;
}

const GATES: Readonly<Record<string, Gate>> = {
  "transformers.GenerationConfig": { recall: 0.97, notice: { precision: 0.98, recall: 0.95 }, attributed: 0.95 },
  "transformers.utils.quantization_config.QuantizationConfigMixin": { recall: 0.95, attributed: 0.95 },
  "tensorrt_llm.TorchLlmArgs": { recall: 0.94, attributed: 0.85 },
  "tensorrt_llm.TrtLlmArgs": { recall: 0.92, attributed: 0.85 },
  "tensorrt_llm.Mapping": { recall: 0.95, attributed: 0.7 },
  "tensorrt_llm.BuildConfig": { recall: 0.95 },
  "tensorrt_llm.llmapi.llm_args.StrictBaseModel": { recall: 0.93, attributed: 0.8 },
  "node-llama-cpp.SequenceEvaluateOptions": { recall: 0.95 },
  "vllm.EngineArgs": { recall: 0.75, attributed: 0.65, places: 0.85, wildWrong: 0.01 },
  "vllm.SamplingParams": { recall: 0.98, effective: 0.98, attributed: 0.95 },
};

/**
 * The share of places that the configurations must come by; many of those of TensorRT-LLM need a model's files, of
 * vLLM's engine a GPU or a model of another family, and of llama.cpp a GPU, too little memory, or an object that nobody
 * can write.
 */
const LEAST_MET: Readonly<Record<string, number>> = { "llama-cpp": 0.25, "tensorrt-llm": 0.55, vllm: 0.33 };

/** Classes whose every stratum is held to the same, in the version that is the engine's current one. */
const EVERY_STRATUM = /^node-llama-cpp\./;
/** A stratum with fewer refusals tells nothing of recall. */
const LEAST_REFUSALS = 20;
/** Numbers beside the kinds of cache that a type names are mostly kinds that a model of one head size refuses alone. */
const LEAST_RECALL: Readonly<Record<string, number>> = { "node-llama-cpp.LlamaContextOptions boundary": 0.85 };

/** The share of what a class takes that its rules may refuse. */
const MOST_WRONG = 0.005;
/**
 * More where rules were learned of nested settings for which no right value was known, or of other models than one that
 * few settings reach at all; and where few inputs are taken, so that one is much.
 */
const MORE_WRONG: readonly (readonly [strata: RegExp, share: number])[] = [
  [/^vllm\.config\./, 0.15],
  [/^vllm\.EngineArgs \(state_space\) /, 0.8],
  [/^vllm\.EngineArgs wild$/, 0.01],
];

/** Figures with the least or most that they may be. */
type Bounds = readonly (readonly [what: string, value: number | null, bound: number])[];

/** Everything about a score that is worse than its gate. */
function shortfalls({ strata: { typed, wild }, sites }: Score, gate: Gate): readonly string[] {
  if (typed === undefined || wild === undefined) return ["a stratum is missing"];
  const least: Bounds = [
    ["precision", typed.error.precision.value, 0.995],
    ["recall", typed.error.recall.value, gate.recall],
    ["wild recall", wild.error.recall.value, 0.9],
    ["recall of places", sites.error.value, gate.places ?? 0.9],
    ["notice precision", typed.notice.precision.value, gate.notice?.precision ?? 0],
    ["notice recall", typed.notice.recall.value, gate.notice?.recall ?? 0],
    ["values", typed.effective.value, gate.effective ?? 0],
    ["attributed", typed.attributed.value, gate.attributed ?? 0],
  ];
  const most: Bounds = [
    ["false rejects", typed.error.false_positive.value, 0.002],
    ["wild false rejects", wild.error.false_positive.value, gate.wildWrong ?? 0.005],
  ];
  const low = least.filter(([, value, bound]) => (value ?? 0) < bound);
  const high = most.filter(([, value, bound]) => (value ?? 1) > bound);
  return [...low, ...high].map(([what, value, bound]) => `${what} ${value} for ${bound}`);
}

describe.each(folders)("the scorecard of %s", (folder) => {
  it("is of the rules that lie beside it: run `score` again after mining", () => {
    expect(existsSync(join(CORPORA, folder, "scorecard.json"))).toBe(true);
    const card = read<Scorecard>(folder, "scorecard.json");
    expect(card.validated_sha256).toBe(read<Corpus>(folder, "invariants.json").validated_sha256);
  });

  it("speaks of nearly all places that a configuration can come by", () => {
    const { coverage } = read<Scorecard>(folder, "scorecard.json");
    expect(coverage?.met.value).toBeGreaterThanOrEqual(LEAST_MET[dirname(folder)] ?? 0.9);
  });

  it("refuses nothing wrongly in any stratum, written calls and load keywords included", () => {
    const { groups } = read<Scorecard>(folder, "scorecard.json");
    const wrong = Object.entries(groups).flatMap(([group, { strata }]) =>
      Object.entries(strata).flatMap(([stratum, { error }]) => {
        const [, most] = MORE_WRONG.find(([each]) => each.test(`${group} ${stratum}`)) ?? [undefined, MOST_WRONG];
        return error.fp > most * (error.fp + error.tn) ? [`${group} ${stratum}`] : [];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it("reaches it in every stratum, of 200 configurations at least, where that is asked", () => {
    const { groups } = read<Scorecard>(folder, "scorecard.json");
    const isCurrent = readEngineVersions(dirname(folder) as EngineId).current === basename(folder);
    const asked = Object.entries(groups).filter(([group]) => isCurrent && EVERY_STRATUM.test(group));
    const told = asked.flatMap(([group, { strata }]) =>
      Object.entries(strata).flatMap(([stratum, { n, error }]) => {
        const { precision, recall, false_positive: wrong, tp, fn } = error;
        const isTold = n >= 200 && (precision.value ?? 1) >= 0.99 && (wrong.value ?? 0) <= 0.005;
        const isReached =
          tp + fn < LEAST_REFUSALS || (recall.value ?? 0) >= (LEAST_RECALL[`${group} ${stratum}`] ?? 0.95);
        return isTold && isReached ? [] : [`${group} ${stratum} of ${n}: recall ${recall.value}`];
      }),
    );
    expect(told).toEqual([]);
  });

  it("reaches what rules must reach", () => {
    const { groups } = read<Scorecard>(folder, "scorecard.json");
    const told = Object.entries(groups).flatMap(([group, score]) =>
      GATES[group] === undefined ? [] : shortfalls(score, GATES[group]).map((each) => `${group}: ${each}`),
    );
    expect(told).toEqual([]);
    expect(Object.keys(groups).filter((group) => group in GATES).length).toBeGreaterThan(0);
  });
});
