import { parsePredicate, printPredicate, type Expr, type Values } from "@lem/config/invariants";
import { canonicalJson, type JsonValue } from "@lem/domain";
import type { EntryModel } from "../candidates/candidate.ts";
import { valueKey, valueOf, type Background } from "./background.ts";
import type { QuarantineReason } from "./decide.ts";
import { finalValue, isChanged } from "./judge.ts";
import type { Observation, Observer } from "./observe.ts";

/** What was found about the values that the class makes of the given ones. */
export interface EffectiveProof {
  readonly proven: Readonly<Record<string, Expr>>;
  readonly refuted: readonly {
    readonly field: string;
    readonly expression: Expr;
    readonly reason: QuarantineReason;
    readonly counterexample: Observation | undefined;
  }[];
  /** Inputs with a changed value, and how many of them are predicted in all their changed fields. */
  readonly changed: number;
  readonly right: number;
  /** Changes that nothing predicts, by field. */
  readonly missed: readonly { readonly field: string; readonly count: number; readonly example: Values }[];
}

const REPEATED = 60;

/** Holds the effective values against what the class reports, and its results against the class itself. */
export async function proveEffective(
  { effective }: EntryModel,
  background: Background,
  observer: Observer,
): Promise<EffectiveProof> {
  const proven: Record<string, Expr> = {};
  const refuted: EffectiveProof["refuted"][number][] = [];
  for (const [field, expression] of Object.entries(effective)) {
    const value = valueOf(expression, background);
    const wrong = observer.all.filter((each) => differs(each, field, value));
    const again = wrong.length > 0 ? undefined : await notIdempotent(field, value, observer);
    const settled = again === undefined ? expression : whereSettled(field, expression);
    const isSettled = await isIdempotent(field, valueOf(settled, background), observer);
    if (wrong.length === 0 && isSettled) proven[field] = settled;
    if (wrong.length === 0 && again === undefined) continue;
    const counterexample = wrong.toSorted((a, b) => a.given.size - b.given.size)[0] ?? again;
    refuted.push({ field, expression, reason: wrong.length > 0 ? "wrong-value" : "not-idempotent", counterexample });
  }
  return { proven, refuted, ...countChanged(proven, background, observer.all) };
}

type Value = ReturnType<typeof valueOf>;

function differs(observation: Observation, field: string, value: Value): boolean {
  if (observation.flaky || isChanged(observation, field) === undefined) return false;
  const end = finalValue(observation, field);
  const expected = value(observation.given);
  return end !== undefined && expected !== undefined && valueKey(end) !== valueKey(expected);
}

/** The value where giving it once more would give it again; unknown elsewhere. */
function whereSettled(field: string, value: Expr): Expr {
  const written = printPredicate(value);
  const again = parsePredicate(replaced(printPredicate({ op: "field", path: field }), written)(written));
  return { op: "ite", test: { op: "eq", args: [again, value] }, yes: value, no: { op: "unknown", what: UNSETTLED } };
}

const UNSETTLED = "a value that the class changes again";

/** Puts one part in the place of another wherever that stands. */
function replaced(part: JsonValue, other: JsonValue): (json: JsonValue) => JsonValue {
  const key = canonicalJson(part);
  const inner = (json: JsonValue): JsonValue => {
    if (json === null || typeof json !== "object") return json;
    if (canonicalJson(json) === key) return other;
    if (Array.isArray(json)) return json.map(inner);
    return Object.fromEntries(Object.entries(json).map(([name, each]) => [name, inner(each ?? null)]));
  };
  return inner;
}

const isIdempotent = async (field: string, value: Value, observer: Observer): Promise<boolean> =>
  (await notIdempotent(field, value, observer)) === undefined;

/** An input whose effective value, given in its place, is changed once more. */
async function notIdempotent(field: string, value: Value, observer: Observer): Promise<Observation | undefined> {
  const changed = observer.all.filter((each) => isChanged(each, field) === true).slice(0, REPEATED);
  const settled = changed.flatMap(({ given }) => {
    const result = value(given);
    return result === undefined ? [] : [new Map([...given, [field, result]])];
  });
  const seen = await observer.observe(settled);
  return seen.find((each) => each !== undefined && isChanged(each, field) === true);
}

function countChanged(
  proven: Readonly<Record<string, Expr>>,
  background: Background,
  observations: readonly Observation[],
): Pick<EffectiveProof, "changed" | "right" | "missed"> {
  const values = new Map(Object.entries(proven).map(([field, expr]) => [field, valueOf(expr, background)]));
  const withChange = observations
    .map((each) => ({ each, fields: [...each.given.keys()].filter((field) => isChanged(each, field) === true) }))
    .filter(({ fields }) => fields.length > 0);
  const isRight = (given: Values, field: string, observation: Observation): boolean => {
    const expected = values.get(field)?.(given);
    return expected !== undefined && valueKey(expected) === valueKey(finalValue(observation, field) ?? null);
  };
  const open = withChange.map(({ each, fields }) => ({
    given: each.given,
    fields: fields.filter((field) => !isRight(each.given, field, each)),
  }));
  const missed = [...new Set(open.flatMap(({ fields }) => fields))].map((field) => {
    const examples = open.filter(({ fields }) => fields.includes(field)).map(({ given }) => given);
    const [example = new Map()] = examples.toSorted((a, b) => a.size - b.size);
    return { field, count: examples.length, example };
  });
  return { changed: withChange.length, right: open.filter(({ fields }) => fields.length === 0).length, missed };
}
