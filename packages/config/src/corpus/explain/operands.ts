import { childrenOf, readsOf, toPython, type Expr, type PyValue } from "../../invariants/index.ts";
import type { Part } from "./sight.ts";
import { valueText } from "./value-text.ts";

/** What is known besides the expression: the values of parts, the way that conditions go, and named constants. */
export interface Speaker {
  /** ` (1.5)` or ` (1, the default)` to put after an operand; nothing where its value needs no telling. */
  readonly note: (part: Part) => string;
  /** What a condition comes to; undefined where that is not known. */
  readonly decide: (part: Part) => boolean | undefined;
  readonly domain: (name: string) => PyValue | undefined;
}

/** A speaker that knows no configuration. */
export const plainSpeaker = (domain: Speaker["domain"]): Speaker => ({
  note: () => "",
  decide: () => undefined,
  domain,
});

/** The part that counts: of a value that depends on a condition the side that applies, of a name what it names. */
export function effectivePart(part: Part, speaker: Speaker): Part {
  const { expr, bound } = part;
  if (expr.op === "ite") {
    const test = speaker.decide({ expr: expr.test, bound });
    return test === undefined ? part : effectivePart({ expr: test ? expr.yes : expr.no, bound }, speaker);
  }
  if (expr.op !== "var") return part;
  const at = bound.findLastIndex(({ as }) => as === expr.name);
  const be = bound[at]?.be;
  return be === undefined ? part : effectivePart({ expr: be, bound: bound.slice(0, at) }, speaker);
}

/** An operand in words, without its value. */
export function operandText(part: Part, speaker: Speaker): string {
  const { expr, bound } = effectivePart(part, speaker);
  const inner = (of: Expr): string => operandText({ expr: of, bound }, speaker);
  switch (expr.op) {
    case "field":
      return expr.path;
    case "const":
      return valueText(expr.value);
    case "fact":
      return factText(expr.name);
    case "var":
    case "domain":
      return expr.name;
    case "attr":
      return `${inner(expr.of)}.${expr.name}`;
    case "unknown":
      return "something";
    case "sum":
      return countText(expr, bound) ?? operationText(expr, inner);
    default:
      return operationText(expr, inner);
  }
}

/** The sum of conditions that each ask for one field: how many of them are given. */
function countText(sum: Expr, bound: Part["bound"]): string | undefined {
  const fields = countedFields(sum, bound);
  return fields === undefined ? undefined : `the number given of ${fields.join(", ")}`;
}

/** The fields of which a sum counts how many are given. */
export function countedFields(sum: Expr, bound: Part["bound"]): readonly string[] | undefined {
  const [list] = "args" in sum ? sum.args : [];
  if (list?.op !== "list") return undefined;
  const fields = list.args.map((expr) => (COUNTED.has(expr.op) ? [...fieldsOf({ expr, bound })] : []));
  return fields.every(({ length }) => length === 1) ? fields.flat() : undefined;
}

/** A fact's name as people say it: the function's or constant's own; `dir(M,C)` are the instances of C in module M. */
function factText(name: string): string {
  const [, module, kind] = /^dir\((\w+)(?:,([\w.]+))?\)$/.exec(name) ?? [];
  if (module !== undefined) return `the ${kind?.split(".").at(-1) ?? "name"}s of ${module}`;
  return /^[\w.]+(?:\(\))?$/.test(name) ? (name.split(".").at(-1) ?? name) : name;
}

const WRAPPERS: ReadonlySet<string> = new Set(["lower", "str", "int", "list", "tuple", "set", "distinct", "unique"]);

/** A part without what only gives it another form: lower case, a list of it. */
export function peeled(part: Part, speaker: Speaker): Part {
  const { expr, bound } = part;
  const [first, ...others] = "args" in expr && WRAPPERS.has(expr.op) ? expr.args : [];
  if (first === undefined || others.length > 0) return part;
  return peeled(effectivePart({ expr: first, bound }, speaker), speaker);
}

const COUNTED: ReadonlySet<string> = new Set(["notNone", "isNot", "isSet", "truthy", "any", "all", "not"]);

const INFIX: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  floordiv: "//",
  mod: "%",
  pow: "**",
};
const CALLED: Readonly<Record<string, string>> = {
  len: "the length of",
  abs: "the magnitude of",
  min: "the least of",
  max: "the greatest of",
  sum: "the sum of",
  lower: "the lower case of",
};

function operationText(expr: Expr, say: (of: Expr) => string): string {
  const { op } = expr;
  const args = "args" in expr ? expr.args : [];
  const sign = INFIX[op];
  if (sign !== undefined) return args.map(say).join(` ${sign} `);
  const called = CALLED[op];
  if (called !== undefined) return `${called} ${args.map(say).join(", ")}`;
  if (op === "index" || op === "get") return `${say(args[0] as Expr)}[${args.slice(1).map(say).join(", ")}]`;
  return pythonText(expr);
}

/** What has no words of its own is said as it is in Python. */
const pythonText = (expr: Expr): string =>
  toPython(expr)
    .replaceAll("self.", "")
    .replaceAll(/\b(\w+?)_\b/g, "$1");

/** The fields that a part reads, names looked through. */
export function fieldsOf({ expr, bound }: Part): ReadonlySet<string> {
  const fields = new Set(readsOf(expr).fields);
  const names = variablesOf(expr);
  for (const [at, { as, be }] of bound.entries())
    if (names.has(as)) for (const field of fieldsOf({ expr: be, bound: bound.slice(0, at) })) fields.add(field);
  return fields;
}

/** True when no variable stands free: one of a quantifier, whose elements are not at hand. */
export function isClosed({ expr, bound }: Part): boolean {
  const names = new Set(bound.map(({ as }) => as));
  return freeVariablesOf(expr).every((name) => names.has(name));
}

function freeVariablesOf(expr: Expr): readonly string[] {
  if (expr.op === "var") return [expr.name];
  const own: readonly string[] = "as" in expr ? [expr.as].flat() : [];
  return childrenOf(expr)
    .flatMap(freeVariablesOf)
    .filter((name) => !own.includes(name));
}

function variablesOf(expr: Expr): ReadonlySet<string> {
  return new Set([
    ...(expr.op === "var" ? [expr.name] : []),
    ...childrenOf(expr).flatMap((child) => [...variablesOf(child)]),
  ]);
}
