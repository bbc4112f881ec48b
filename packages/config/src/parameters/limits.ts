import type { JsonValue } from "@lem/domain";
import type { CompiledEntry } from "../corpus/compiled-entry.ts";
import { childrenOf, encodeValue, float, isFloat, numberOf, type Expr, type PyValue } from "../invariants/index.ts";

/** What the rules admit of one keyword where all else has its default. */
export interface Limits {
  readonly bounds: readonly string[];
  readonly choices: readonly JsonValue[];
}

/** The types that a keyword takes as its schema says them. */
export type PlainTypes = ReadonlySet<string>;

/**
 * Finds the bounds of a keyword by judging values around every constant that its rules compare with. What is said is
 * thus what the rules say, in whatever way they are written. Rules that read other keywords too are left out: what they
 * demand is no bound of this one.
 */
export function limitsOf(entry: CompiledEntry, name: string, types: PlainTypes, profile: string): Limits {
  const rules = entry.model.rules.filter(
    ({ severity, roots }) => severity === "error" && roots.length === 1 && roots[0] === name,
  );
  if (rules.length === 0) return NO_LIMITS;
  const ids = new Set(rules.map(({ id }) => id));
  const accepts = (value: PyValue): boolean =>
    entry.judge(new Map([[name, value]]), profile).rules.every(({ id }) => !ids.has(id));
  const constants = rules.flatMap(({ when }) => constantsIn(when));
  if (isOnly(types, TEXTUAL)) return { bounds: [], choices: textChoices(constants, accepts) };
  if (!isOnly(types, NUMERIC)) return NO_LIMITS;
  const isWhole = !types.has("number");
  return numberLimits(constants, isWhole, (value) => accepts(isWhole ? value : float(value)));
}

/** What is said where there are no rules. */
export const NO_LIMITS: Limits = { bounds: [], choices: [] };

const TEXTUAL: PlainTypes = new Set(["string", "null", ""]);
const NUMERIC: PlainTypes = new Set(["integer", "number", "null"]);

const isOnly = (types: PlainTypes, those: PlainTypes): boolean => [...types].every((type) => those.has(type));

function constantsIn(expr: Expr): readonly PyValue[] {
  const own = expr.op === "const" ? elementsOf(expr.value) : [];
  return [...own, ...childrenOf(expr).flatMap(constantsIn)];
}

function elementsOf(value: PyValue): readonly PyValue[] {
  if (value === null || typeof value !== "object") return [value];
  if ("items" in value) return value.items;
  return value.type === "set" || value.type === "frozenset" ? [...value.index.values()] : [value];
}

/** Beyond all that a keyword is plausibly compared with. */
const FAR = 1e15;

function numberLimits(constants: readonly PyValue[], isWhole: boolean, accepts: (value: number) => boolean): Limits {
  const compared = constants.flatMap((value) =>
    typeof value === "number" || isFloat(value) ? [Number(numberOf(value))] : [],
  );
  const known = [...new Set(compared.flatMap((value) => [value, 0 - value]))]
    .filter((value) => Math.abs(value) < FAR && (!isWhole || Number.isInteger(value)))
    .toSorted((a, b) => a - b);
  const step = (value: number): number => (isWhole ? 1 : Math.max(1e-6, Math.abs(value) * 1e-6));
  const beside = known.flatMap((value) => [value - step(value), value + step(value)]);
  const others = [-FAR, ...beside.filter((value) => !known.includes(value)), FAR];
  const admitted = known.filter(accepts);
  if (admitted.length > 0 && !others.some(accepts)) return { bounds: [], choices: admitted };
  const all = [...others, ...known].filter(accepts).toSorted((a, b) => a - b);
  const [lowest, highest] = [all[0], all.at(-1)];
  if (lowest === undefined || highest === undefined) return NO_LIMITS;
  const range = { known, isWhole, accepts };
  const inside = known.filter((value) => value > lowest && value < highest && !admitted.includes(value));
  const bounds = [
    ...(lowest === -FAR ? [] : [edge(lowest, -FAR, range)]),
    ...(highest === FAR ? [] : [edge(highest, FAR, range)]),
    ...inside.map((value) => `not ${value}`),
  ];
  return { bounds, choices: [] };
}

interface Range {
  readonly known: readonly number[];
  readonly isWhole: boolean;
  readonly accepts: (value: number) => boolean;
}

/** Halves the way from a value that is admitted to one that is not, and names the constant that lies between. */
function edge(admitted: number, refused: number, { known, isWhole, accepts }: Range): string {
  const sign = refused < admitted ? ">" : "<";
  let [yes, no] = [admitted, refused];
  for (let round = 0; round < 120; round++) {
    const middle = isWhole ? Math.trunc((yes + no) / 2) : (yes + no) / 2;
    if (middle === yes || middle === no) break;
    if (accepts(middle)) yes = middle;
    else no = middle;
  }
  const near = (value: number): boolean => Math.abs(value - yes) <= 1e-9 * Math.max(1, Math.abs(value));
  const end = isWhole ? yes : (known.find(near) ?? yes);
  return `${sign}${accepts(end) ? "=" : ""} ${end}`;
}

/** Texts that no list of an engine holds. */
const STRANGERS = ["", "lem stranger", "lem_stranger", "0lem"] as const;

/** The texts that the rules name and admit, where they refuse all others. */
function textChoices(constants: readonly PyValue[], accepts: (value: PyValue) => boolean): readonly JsonValue[] {
  const named = [...new Set(constants.filter((value) => typeof value === "string"))];
  const admitted = named.filter(accepts);
  return admitted.length === 0 || STRANGERS.some(accepts)
    ? []
    : admitted.map((value) => encodeValue(value) as JsonValue);
}
