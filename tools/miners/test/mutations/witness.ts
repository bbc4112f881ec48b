import {
  decodeValue,
  encodeValue,
  float,
  int,
  printPredicate,
  readsOf,
  type Expr,
  type PyValue,
} from "@lem/config/invariants";
import type { RuleSet } from "@lem/config/corpus";
import { Draw } from "../../src/score/sample/draw.ts";
import { dictOf } from "../../src/score/sample/containers.ts";

/** What becomes of a configuration. */
export type Fate = "refused" | "noticed" | "accepted";

/** Keywords as a probe takes them. */
export type Keywords = Readonly<Record<string, unknown>>;

const USUAL: readonly PyValue[] = [null, true, false, 0, 1, -1, 2, float(0.5), float(1), "x", ""];
const TRIES = 20_000;

/** The first parts of the field paths that some predicates read. */
export const rootsOf = (predicates: readonly Expr[]): readonly string[] => [
  ...new Set(predicates.flatMap((each) => readsOf(each).fields.map((path) => path.split(".")[0] ?? path))),
];

/** Looks for a configuration of some fields that `differs`, with values at and beside the constants of predicates. */
export function findWitness(
  fields: { readonly all: readonly string[]; readonly needed: readonly string[] },
  predicates: readonly Expr[],
  differs: (keywords: Keywords) => boolean,
): Keywords | undefined {
  const draw = new Draw(1);
  const constants = predicates.flatMap((each) => constantsIn(printPredicate(each)));
  const plain = [...USUAL, ...around(constants)];
  const words = constants.filter((value) => typeof value === "string");
  for (let at = 0; at < TRIES; at++) {
    const chosen = fields.all.filter((name) => fields.needed.includes(name) || draw.chance(0.6));
    const value = (): PyValue => (draw.chance(0.3) ? nested(draw, words, plain) : (draw.pick(plain) ?? null));
    const keywords = Object.fromEntries(chosen.map((name) => [name, encodeValue(value())]));
    if (differs(keywords)) return keywords;
  }
  return undefined;
}

/** A mapping of words that predicates know to values that they know. */
const nested = (draw: Draw, words: readonly PyValue[], plain: readonly PyValue[]): PyValue =>
  dictOf(draw.some(words, draw.between(1, 2)).map((word) => [word, draw.pick(plain) ?? null] as const));

/** What rules say. */
export function foretold(rules: RuleSet, entry: string, set: Keywords): Fate {
  const { verdict } = rules.evaluate({ entry, set });
  if (verdict === "error") return "refused";
  return verdict === "ok" ? "accepted" : "noticed";
}

/** Constants of a printed predicate, lists of them with their elements. */
function constantsIn(json: unknown): readonly PyValue[] {
  if (typeof json === "number" || typeof json === "string" || typeof json === "boolean") return [decodeValue(json)];
  if (json === null || typeof json !== "object") return [];
  if ("$py" in json) {
    const { value } = json as { readonly value?: unknown };
    return [decodeValue(json), ...(Array.isArray(value) ? value.flatMap(constantsIn) : [])];
  }
  return Object.entries(json).flatMap(([key, inner]) =>
    key === "f" || key === "as" || key === "v" ? [] : constantsIn(inner),
  );
}

function around(values: readonly PyValue[]): readonly PyValue[] {
  return values.flatMap((value): readonly PyValue[] => {
    if (typeof value === "number") return [-3, -1, 0, 1, 3].map((step) => int(BigInt(Math.trunc(value) + step)));
    if (value !== null && typeof value === "object" && value.type === "float")
      return [-3, -0.5, 0, 0.5, 3].map((step) => float(value.value + step));
    return [value];
  });
}
