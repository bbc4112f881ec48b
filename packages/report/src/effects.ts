import type { ExperimentResult, JsonObject, JsonValue, MetricTag } from "@lem/domain";
import { boardsOf, comparePairs, percent, type MetricComparison, type ResultPair } from "./compare.ts";

/** Two results whose configurations differ in one native parameter, compared. */
export interface ParameterPair {
  /** Identifiers of the experiments. */
  readonly first_id: string;
  readonly second_id: string;
  /** Left out where the parameter is not set. */
  readonly first?: JsonValue;
  readonly second?: JsonValue;
  readonly metrics: readonly MetricComparison[];
}

/** What becomes of a metric when a parameter changes; `unknown` where nothing was compared. */
export type Movement = "moves" | "not-distinguishable" | "unknown";

/** What measured results say of one parameter. */
export interface ParameterEffect {
  /** `vllm.engine.max_num_seqs`. */
  readonly path: string;
  readonly energy: Movement;
  readonly throughput: Movement;
  readonly pairs: readonly ParameterPair[];
}

const ENERGY: MetricTag = "joules_per_output_token";
const THROUGHPUT: MetricTag = "output_tokens_per_second";

/**
 * Compares all pairs of completed results whose configurations differ in one native parameter alone, on one board, with
 * one version of the engine and equal prompts; all pairs are one family (Holm). The parameter's value that is not set is
 * what others are held against, else the first.
 * @param studies results by study: those of one study ran side by side
 */
export function parameterEffects(studies: readonly (readonly ExperimentResult[])[]): readonly ParameterEffect[] {
  const known = studies.flatMap((results, study) =>
    results.filter(({ status }) => status === "completed").map((result) => sampleOf(result, study)),
  );
  const paths = [...new Set(known.flatMap(({ values }) => [...values.keys()]))].toSorted();
  const found = paths.flatMap((path) => pairsOf(path, known));
  const compared = comparePairs(found.map(({ pair }) => pair));
  const pairs = found.map(({ path, told }, at) => ({ path, told: { ...told, metrics: compared[at]?.metrics ?? [] } }));
  const byPath = Map.groupBy(pairs, ({ path }) => path);
  return [...byPath].map(([path, all]) => {
    const told = all.map((each) => each.told);
    return { path, energy: movementOf(told, ENERGY), throughput: movementOf(told, THROUGHPUT), pairs: told };
  });
}

interface Sample {
  readonly result: ExperimentResult;
  readonly study: number;
  /** Native parameters that are set, by path. */
  readonly values: ReadonlyMap<string, JsonValue>;
  /** All but the native parameters, as text. */
  readonly rest: string;
}

function sampleOf(result: ExperimentResult, study: number): Sample {
  const { name: _, sections = {}, floats: _floats, unchecked: _unchecked, ...config } = result.config.resolved;
  const { name: engine, version } = result.engine;
  const values = Object.entries(sections as JsonObject).flatMap(([section, keys]) =>
    Object.entries(keys as JsonObject).map(([key, value]) => [`${engine}.${section}.${key}`, value] as const),
  );
  const rest = JSON.stringify([engine, version, boardsOf(result), result.workload?.input_ids_sha256 ?? null, config]);
  return { result, study, values: new Map(values), rest };
}

interface FoundPair {
  readonly path: string;
  readonly pair: ResultPair;
  readonly told: Omit<ParameterPair, "metrics">;
}

/** The first sample of each value, against the one where it is not set, or else the first of all. */
function pairsOf(path: string, samples: readonly Sample[]): readonly FoundPair[] {
  const alike = Map.groupBy(samples, ({ rest, values }) => `${rest} ${textOf(values, path)}`);
  return [...alike.values()].flatMap((group) => {
    const distinct = [...Map.groupBy(group, ({ values }) => JSON.stringify(values.get(path)) ?? "").values()].flatMap(
      ([first]) => first ?? [],
    );
    const base = distinct.find(({ values }) => !values.has(path)) ?? distinct[0];
    if (base === undefined) return [];
    return distinct.filter((sample) => sample !== base).map((sample) => foundPair(path, base, sample));
  });
}

/** All other parameters, in an order of their own. */
const textOf = (values: Sample["values"], path: string): string =>
  JSON.stringify([...values].filter(([name]) => name !== path).toSorted(([a], [b]) => (a < b ? -1 : 1)));

function foundPair(path: string, first: Sample, second: Sample): FoundPair {
  const [a, b] = [first.values.get(path), second.values.get(path)];
  return {
    path,
    pair: { first: first.result, second: second.result, paired: first.study === second.study },
    told: {
      first_id: first.result.experiment_id,
      second_id: second.result.experiment_id,
      ...(a === undefined ? {} : { first: a }),
      ...(b === undefined ? {} : { second: b }),
    },
  };
}

function movementOf(pairs: readonly ParameterPair[], tag: MetricTag): Movement {
  const outcomes = pairs.flatMap(({ metrics }) =>
    metrics.filter((each) => each.tag === tag).map(({ outcome }) => outcome),
  );
  const compared = outcomes.filter(({ status }) => status === "compared");
  if (compared.length === 0) return "unknown";
  return compared.some((outcome) => outcome.status === "compared" && outcome.distinguishable)
    ? "moves"
    : "not-distinguishable";
}

/** `J/token −12.0 %, tokens/s +8.1 % (3f2a91c0aa17 → 77b0d1e2c340)`: the largest change of each; `unknown` without any. */
export function effectText(effect: ParameterEffect | undefined): string {
  if (effect === undefined || (effect.energy === "unknown" && effect.throughput === "unknown")) return "unknown";
  const parts = [
    [ENERGY, "J/token", effect.energy],
    [THROUGHPUT, "tokens/s", effect.throughput],
  ] as const;
  return parts.flatMap(([tag, word, movement]) => partText(effect, { tag, word, movement })).join("; ");
}

function partText(
  { pairs }: ParameterEffect,
  { tag, word, movement }: { readonly tag: MetricTag; readonly word: string; readonly movement: Movement },
): readonly string[] {
  if (movement === "unknown") return [`${word} unknown`];
  const changes = pairs.flatMap(({ first_id: first, second_id: second, metrics }) =>
    metrics.flatMap(({ tag: each, outcome }) =>
      each === tag && outcome.status === "compared" ? [{ ids: `${first} → ${second}`, ...outcome }] : [],
    ),
  );
  const counted = changes.filter(({ distinguishable }) => distinguishable === (movement === "moves"));
  const [largest] = counted.toSorted((a, b) => Math.abs(b.relative) - Math.abs(a.relative));
  if (largest === undefined) return [];
  const what = movement === "moves" ? percent(largest.relative) : "not distinguishable";
  return [`${word} ${what} (${largest.ids})`];
}
