import type { Expr, Values } from "@lem/config/invariants";
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
    const counterexample = wrong.toSorted((a, b) => a.given.size - b.given.size)[0] ?? again;
    const reason = wrong.length > 0 ? "wrong-value" : "not-idempotent";
    if (counterexample === undefined) proven[field] = expression;
    else refuted.push({ field, expression, reason, counterexample });
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
