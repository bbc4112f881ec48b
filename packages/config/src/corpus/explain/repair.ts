import { distance } from "fastest-levenshtein";
import { numberOf, typeName, type PyValue, type Values } from "../../invariants/index.ts";
import type { CompiledEntry } from "../compiled-entry.ts";
import { sameValue } from "../same-value.ts";
import type { EntryVerdict } from "../verdict.ts";
import { asksForTruth, meantBy, poolOf, type ValueOf } from "./pool.ts";

/** What is wrong: a rule that fired on what was declared. */
export interface Trouble {
  readonly entry: CompiledEntry;
  readonly declared: Values;
  readonly profile: string;
  readonly verdict: EntryVerdict;
  readonly rule: string;
  readonly valueOf: ValueOf;
}

/** A change of one field after which the rule is silent; without a value it is left out. */
export interface Repair {
  readonly field: string;
  readonly value: PyValue | undefined;
}

/** Evaluations that the search for one repair may take. */
const TRIES = 400;

/** The nearest value of a field with which the rule is silent and no other one fires that did not before. */
export function nearestRepair(field: string, trouble: Trouble): Repair | undefined {
  const { entry, declared } = trouble;
  const given = declared.get(field);
  const rules = entry.model.rules.filter(({ roots }) => roots.includes(field));
  const meant = given === undefined ? [] : meantBy(given);
  const usual = entry.model.defaults.get(field);
  const isSwitch = typeof (given ?? usual) === "boolean" || rules.some(({ when }) => asksForTruth(when, field));
  const pool = [...meant, ...poolOf(field, rules, trouble.valueOf)].filter(
    (value) => (given === undefined || !sameValue(value, given)) && (isSwitch || typeof value !== "boolean"),
  );
  const ranked = pool
    .map((value) => ({ value, rank: rankOf(value, given ?? usual, meant) }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, TRIES);
  const near = ranked.find(
    ({ value, rank }) => rank < UNLIKE && cures(new Map([...declared, [field, value]]), trouble),
  );
  if (near !== undefined) return { field, value: near.value };
  if (given !== undefined && cures(new Map([...declared].filter(([name]) => name !== field)), trouble))
    return { field, value: undefined };
  const far = ranked.find(
    ({ value, rank }) => rank >= UNLIKE && cures(new Map([...declared, [field, value]]), trouble),
  );
  return far === undefined ? undefined : { field, value: far.value };
}

function cures(declared: Values, { entry, profile, verdict, rule }: Trouble): boolean {
  const after = entry.judge(declared, profile);
  const before = new Set(verdict.rules.map(({ id, severity }) => `${severity} ${id}`));
  return after.rules.every(({ id, severity }) => id !== rule && before.has(`${severity} ${id}`));
}

/** From here on a value is of another kind than the one given: leaving the field out is nearer. */
const UNLIKE = 1e30;

/** How far a value is from the one that was given: values of its own type come first, then numbers for a number. */
function rankOf(value: PyValue, given: PyValue | undefined, meant: readonly PyValue[]): number {
  const place = meant.findIndex((candidate) => sameValue(candidate, value));
  if (place >= 0) return place / 100 - 1;
  if (value === null) return 4 * UNLIKE;
  if (given === undefined || given === null) return freshRank(value);
  if (typeof value === "string" && typeof given === "string") return distance(value, given) / (value.length + 1);
  return numberRank(value, given);
}

/** Where nothing is given there is nothing to be near to: on before off, the least positive number first. */
function freshRank(value: PyValue): number {
  if (typeof value === "boolean") return value ? UNLIKE : 3 * UNLIKE;
  const number = Number(numberOf(value) ?? 0);
  return 2 * UNLIKE * (1 + (number > 0 ? Math.min(number, 1e9) : 1e9 - Math.max(number, -1e9)) / 1e10);
}

function numberRank(value: PyValue, given: PyValue): number {
  const [a, b] = [numberOf(value), numberOf(given)];
  if (a === undefined || b === undefined) return 3 * UNLIKE;
  const apart = Math.min(Math.abs(Number(a) - Number(b)), UNLIKE / 1e9);
  if (typeName(value) === typeName(given)) return apart;
  return UNLIKE * (typeof value === "boolean" ? 3 : 1) + apart;
}
