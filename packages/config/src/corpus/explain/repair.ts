import { distance } from "fastest-levenshtein";
import { numberOf, typeName, type PyValue, type Values } from "../../invariants/index.ts";
import type { CompiledEntry } from "../compiled-entry.ts";
import { sameValue } from "../same-value.ts";
import type { EntryVerdict } from "../verdict.ts";
import { asksForTruth, exceptionsOf, meantBy, poolOf, type ValueOf } from "./pool.ts";

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
  const named = rules.filter(({ id }) => id === trouble.rule).flatMap(({ when }) => exceptionsOf(when, field));
  const isSentinel = (value: PyValue): boolean => named.some((each) => numberOf(each) === numberOf(value));
  const ranked = pool
    .map((value) => ({
      value,
      rank: rankOf(value, given ?? usual, meant) + (isSentinel(value) ? OTHER_MEANING * 2 : 0),
    }))
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, TRIES);
  const near = ranked.filter(({ rank }) => rank < UNLIKE);
  const found =
    near.find(({ value }) => curesAll(field, value, trouble)) ?? near.find(({ value }) => cures(field, value, trouble));
  if (found !== undefined) return { field, value: found.value };
  if (given !== undefined && curesWithout(field, trouble)) return { field, value: undefined };
  const far = ranked
    .filter(({ rank }) => rank >= UNLIKE && rank < NEVER)
    .find(({ value }) => cures(field, value, trouble));
  return far === undefined ? undefined : { field, value: far.value };
}

const cures = (field: string, value: PyValue, trouble: Trouble): boolean =>
  isCured(after(new Map([...trouble.declared, [field, value]]), trouble), trouble);

const curesWithout = (field: string, trouble: Trouble): boolean =>
  isCured(after(new Map([...trouble.declared].filter(([name]) => name !== field)), trouble), trouble);

/** Whether no rule has anything against the field any more. */
function curesAll(field: string, value: PyValue, trouble: Trouble): boolean {
  const { rules, effective } = after(new Map([...trouble.declared, [field, value]]), trouble);
  return !effective.has(field) && isCured({ rules }, trouble) && rules.every(({ fields }) => !fields.includes(field));
}

const after = (declared: Values, { entry, profile }: Trouble): EntryVerdict => entry.judge(declared, profile);

function isCured({ rules }: Pick<EntryVerdict, "rules">, { verdict, rule }: Trouble): boolean {
  const before = new Set(verdict.rules.map(({ id, severity }) => `${severity} ${id}`));
  return rules.every(({ id, severity }) => id !== rule && before.has(`${severity} ${id}`));
}

/** From here on a value is of another kind than the one given: leaving the field out is nearer. */
const UNLIKE = 1e13;
/** From here on a value is like the one given in nothing, and is not proposed. */
const NEVER = 10 * UNLIKE;
/** Added for a number that means something else: zero for what is not, another sign, a value that a rule names alone. */
const OTHER_MEANING = UNLIKE / 100;

/** How far a value is from the one that was given: values of its own type come first, then numbers for a number. */
function rankOf(value: PyValue, given: PyValue | undefined, meant: readonly PyValue[]): number {
  const place = meant.findIndex((candidate) => sameValue(candidate, value));
  if (place >= 0) return place / 100 - 1;
  if (value === null) return 4 * UNLIKE;
  if (given === undefined || given === null) return freshRank(value);
  if (typeof value === "string" && typeof given === "string") return textRank(value, given);
  return numberRank(value, given);
}

/** Where nothing is given there is nothing to be near to: on before off, the least positive number first. */
function freshRank(value: PyValue): number {
  if (typeof value === "boolean") return value ? UNLIKE : 3 * UNLIKE;
  const number = Number(numberOf(value) ?? 0);
  return 2 * UNLIKE * (1 + (number > 0 ? Math.min(number, 1e9) : 1e9 - Math.max(number, -1e9)) / 1e10);
}

/** A misspelt text is near; any other one is a choice that is not ours. */
function textRank(value: string, given: string): number {
  const apart = distance(value.toLowerCase(), given.toLowerCase());
  return (apart <= Math.floor(Math.min(value.length, given.length) / 3) ? 0 : NEVER) + apart / (value.length + 1);
}

function numberRank(value: PyValue, given: PyValue): number {
  const [a, b] = [numberOf(value), numberOf(given)];
  if (a === undefined || b === undefined) return 3 * UNLIKE;
  const meaning = Math.sign(Number(a)) === Math.sign(Number(b)) ? 0 : OTHER_MEANING;
  const apart = Math.min(Math.abs(Number(a) - Number(b)), UNLIKE / 1000) + meaning;
  if (typeName(value) === typeName(given)) return apart;
  return UNLIKE * (typeof value === "boolean" ? 3 : 1) + apart;
}
