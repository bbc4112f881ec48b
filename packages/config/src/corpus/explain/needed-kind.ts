import { isFault, numberOf, type Expr, type PyValue } from "../../invariants/index.ts";
import { effectivePart, fieldsOf, peeled, type Speaker } from "./operands.ts";
import type { Part, Sight } from "./sight.ts";

type Kind = "number" | "text" | "list" | "map" | "plain";

const WORDS: Readonly<Record<Kind, string>> = {
  number: "be a number",
  text: "be a text",
  list: "be a list",
  map: "be a map",
  plain: "be neither a list nor a map",
};

/** What operators can work with; a container asked for an element wants a plain value as its key. */
const NEEDED: { readonly [K in Expr["op"]]?: readonly Kind[] } = {
  lt: ["number", "number"],
  le: ["number", "number"],
  gt: ["number", "number"],
  ge: ["number", "number"],
  between: ["number"],
  add: ["number", "number"],
  sub: ["number", "number"],
  mul: ["number", "number"],
  div: ["number", "number"],
  floordiv: ["number", "number"],
  mod: ["number", "number"],
  pow: ["number", "number"],
  abs: ["number"],
  int: ["number"],
  lower: ["text"],
  upper: ["text"],
  strip: ["text"],
  startsWith: ["text", "text"],
  endsWith: ["text", "text"],
  matches: ["text"],
  len: ["list"],
  lengths: ["list"],
  sum: ["list"],
  sorted: ["list"],
  unique: ["list"],
  distinct: ["list"],
  subset: ["list", "list"],
  disjoint: ["list", "list"],
  index: ["list", "plain"],
  in: ["plain", "list"],
  notIn: ["plain", "list"],
  get: ["map", "plain"],
  keys: ["map"],
  values: ["map"],
  items: ["map"],
  attr: ["map"],
  every: ["list"],
  some: ["list"],
  count: ["list"],
  pairwise: ["list"],
};

const FITS: Readonly<Record<Kind, (value: PyValue) => boolean>> = {
  number: (value) => numberOf(value) !== undefined,
  text: (value) => typeof value === "string",
  list: (value) => typeof value === "string" || isContainer(value),
  map: (value) => isOf(value, "dict"),
  plain: (value) => !isOf(value, "list") && !isOf(value, "dict") && !isOf(value, "set"),
};

const isOf = (value: PyValue, type: string): boolean =>
  value !== null && typeof value === "object" && value.type === type;

const isContainer = (value: PyValue): boolean =>
  value !== null && typeof value === "object" && ("items" in value || "index" in value);

/** What a field, or a part of it, would have to be. */
export interface Need {
  readonly subject: string;
  /** What stands after "must": `be a number`. */
  readonly be: string;
}

interface Blamed {
  readonly field: string;
  readonly speaker: Speaker;
}

/** What the part of a condition that raises would need instead; undefined where that cannot be told. */
export function neededKind(raising: Part, blame: Blamed, sight: Sight): Need | undefined {
  const { expr, bound } = raising;
  const kinds = NEEDED[expr.op] ?? [];
  for (const [at, operand] of operandsOf(expr).entries()) {
    const part = { expr: operand, bound };
    const value = sight.value(part);
    const kind = kinds[at];
    if (kind === undefined || isFault(value) || !fieldsOf(part).has(blame.field)) continue;
    if (!FITS[kind](value)) return { subject: subjectOf(part, blame), be: WORDS[kind] };
    if (divides(expr, at, value)) return { subject: subjectOf(part, blame), be: "not be 0" };
    if (kind === "list") return { subject: "each element", be: listNeed(expr) };
  }
  return undefined;
}

const DIVISIONS: ReadonlySet<string> = new Set(["div", "floordiv", "mod"]);

const divides = ({ op }: Expr, at: number, value: PyValue): boolean =>
  at === 1 && DIVISIONS.has(op) && Number(numberOf(value)) === 0;

function operandsOf(expr: Expr): readonly Expr[] {
  if ("args" in expr) return expr.args;
  if ("in" in expr && expr.op !== "let") return [expr.in];
  return "of" in expr ? [expr.of] : [];
}

function subjectOf(part: Part, { field, speaker }: Blamed): string {
  const { expr } = peeled(effectivePart(part, speaker), speaker);
  if (expr.op === "field" && expr.path === field) return "it";
  const key = expr.op === "index" || expr.op === "get" ? expr.args[1] : undefined;
  return key?.op === "const" && typeof key.value === "string" ? `its ${key.value}` : "each element";
}

/** What an operation over a list does with each of its elements. */
function listNeed(expr: Expr): string {
  if (expr.op === "lengths") return WORDS.text;
  return elementNeed("that" in expr ? expr.that : undefined);
}

/** What a value must be that a condition of each element works with. */
export function elementNeed(that: Expr | undefined): string {
  const of = that?.op === "raises" ? that.of : that;
  const [kind = "plain"] = (of && NEEDED[of.op]) ?? [];
  return of?.op === "len" ? WORDS.text : WORDS[kind];
}
