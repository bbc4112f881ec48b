import type { BetweenExpr, Expr, PyValue } from "../../invariants/index.ts";
import type { Cause } from "./causes.ts";
import { effectivePart, operandText, plainSpeaker, type Speaker } from "./operands.ts";
import type { Part } from "./sight.ts";
import { choiceText, valueText } from "./value-text.ts";

/** What a phrase is made from: an operand with its value, one without, and whether the condition holds. */
interface Words {
  readonly subject: (of: Expr) => string;
  readonly operand: (of: Expr) => string;
  /** "is" or "is not". */
  readonly is: string;
  readonly holds: boolean;
  readonly bound: Part["bound"];
  readonly speaker: Speaker;
}

/** A condition in words: `top_p (1.5) is not more than 0 and at most 1`. */
export function phrase({ expr, bound, holds }: Cause, speaker: Speaker): string {
  const operand = (of: Expr): string => operandText({ expr: of, bound }, speaker);
  const subject = (of: Expr): string => `${operand(of)}${speaker.note(effectivePart({ expr: of, bound }, speaker))}`;
  const words: Words = { subject, operand, is: holds ? "is" : "is not", holds, bound, speaker };
  const own = PHRASES[expr.op] as ((expr: Expr, words: Words) => string) | undefined;
  return (own ?? compared)(expr, words);
}

type ExprOf<K, E = Expr> = E extends { readonly op: infer O } ? (K extends O ? E : never) : never;
type Phrase<K> = (expr: ExprOf<K>, words: Words) => string;

const identity: Phrase<"is" | "isNot"> = ({ op, of, value }, { subject, holds }) =>
  `${subject(of)} ${holds === (op === "is") ? "is" : "is not"} ${valueText(value)}`;

const typed: Phrase<"type" | "exactType"> = ({ of, classes }, { subject, is }) =>
  `${subject(of)} ${is} ${classText(classes)}`;

const quantified: Phrase<"every" | "some"> = ({ op, in: source, as, that }, { subject, holds, bound, speaker }) => {
  const which = op === "every" ? (holds ? "every" : "not every") : holds ? "some" : "no";
  const inside = sentence({ expr: that, bound }, true, plainSpeaker(speaker.domain));
  return `for ${which} ${as} of ${subject(source)} ${inside}`;
};

const between: Phrase<"between"> = (expr, { subject, is, operand }) =>
  `${subject(expr.of)} ${is} ${rangeText(expr, operand)}`;

const PHRASES: { readonly [K in Expr["op"]]?: Phrase<K> } = {
  between,
  is: identity,
  isNot: identity,
  type: typed,
  exactType: typed,
  every: quantified,
  some: quantified,
  isSet: ({ path }, { holds }) => `${path} is ${holds ? "" : "not "}given`,
  isDefault: ({ path }, { subject, is }) => `${subject({ op: "field", path })} ${is} the default`,
  matches: ({ of, pattern }, { subject, holds }) => `${subject(of)} ${holds ? "matches" : "does not match"} ${pattern}`,
  hasAttr: ({ of, name }, { subject, holds }) => `${subject(of)} has ${holds ? "" : "no "}${name}`,
  raises: ({ of, exception }, { operand, holds }) =>
    `${operand(of)} ${holds ? "raises" : "does not raise"} ${exception}`,
};

type Pair = readonly [whenTrue: string, whenFalse: string];

const COMPARED: Readonly<Record<string, Pair>> = {
  eq: ["is", "is not"],
  ne: ["is not", "is"],
  lt: ["is less than", "is not less than"],
  le: ["is at most", "is not at most"],
  gt: ["is more than", "is not more than"],
  ge: ["is at least", "is not at least"],
  in: ["is one of", "is none of"],
  notIn: ["is none of", "is one of"],
  subset: ["has elements only of", "has elements besides"],
  disjoint: ["shares nothing with", "shares elements with"],
  startsWith: ["begins with", "does not begin with"],
  endsWith: ["ends with", "does not end with"],
};

const TRUTH: Pair = ["is true or not empty", "is null, false, zero or empty"];
const ONE_SIDED: Readonly<Record<string, Pair>> = { notNone: ["is not null", "is null"], truthy: TRUTH };

function compared(expr: Expr, { subject, holds, speaker }: Words): string {
  const { op, first, second } = subjectFirst(expr);
  const pair = second === undefined ? ONE_SIDED[op] : COMPARED[op];
  if (pair === undefined || first === undefined) return `${subject(expr)} ${TRUTH[holds ? 0 : 1]}`;
  const words = pair[holds ? 0 : 1];
  return second === undefined
    ? `${subject(first)} ${words}`
    : `${subject(first)} ${words} ${elements(second, speaker) ?? subject(second)}`;
}

const MIRRORED: Readonly<Record<string, string>> = { lt: "gt", le: "ge", gt: "lt", ge: "le", eq: "eq", ne: "ne" };

/** A comparison with what is compared before the constant that it is compared with. */
function subjectFirst(expr: Expr): { readonly op: string; readonly first?: Expr; readonly second?: Expr } {
  const [first, second] = "args" in expr ? expr.args : [];
  const mirrored = first?.op === "const" && second !== undefined ? MIRRORED[expr.op] : undefined;
  return mirrored === undefined || first === undefined || second === undefined
    ? { op: expr.op, ...(first && { first }), ...(second && { second }) }
    : { op: mirrored, first: second, second: first };
}

function elements(expr: Expr, speaker: Speaker): string | undefined {
  const constants = constantsOf(expr, speaker);
  return constants === undefined ? undefined : choiceText(constants);
}

/** The elements of a constant container. */
export function constantsOf(expr: Expr, speaker: Speaker): readonly PyValue[] | undefined {
  const value = expr.op === "const" ? expr.value : expr.op === "domain" ? speaker.domain(expr.name) : undefined;
  if (value === undefined || value === null || typeof value !== "object") return undefined;
  if ("items" in value) return value.items;
  if (value.type === "dict") return [...value.index.values()].map(([key]) => key);
  return "index" in value ? [...value.index.values()] : undefined;
}

/** The two ends of a range. */
export function rangeText({ low, high, bounds }: BetweenExpr, say: (expr: Expr) => string): string {
  const least = bounds.startsWith("[") ? "at least" : "more than";
  const most = bounds.endsWith("]") ? "at most" : "less than";
  return `${least} ${say(low)} and ${most} ${say(high)}`;
}

const CLASS_WORDS: Readonly<Record<string, string>> = {
  int: "a whole number",
  float: "a float",
  bool: "true or false",
  str: "a text",
  list: "a list",
  tuple: "a tuple",
  dict: "a map",
  set: "a set",
  frozenset: "a set",
  bytes: "bytes",
  none: "null",
};

/** Classes as kinds of values: `a text or a list`. */
export const classText = (classes: readonly string[]): string =>
  [...new Set(asNumber(classes).map((name) => CLASS_WORDS[name] ?? `a ${name.split(".").at(-1) ?? name}`))].join(
    " or ",
  );

/** Either kind of number is a number. */
const asNumber = (classes: readonly string[]): readonly string[] =>
  classes.includes("int") && classes.includes("float")
    ? ["number", ...classes.filter((name) => name !== "int" && name !== "float")]
    : classes;

/** A whole predicate in words, conditions joined by and, or. */
export function sentence({ expr, bound }: Part, holds: boolean, speaker: Speaker): string {
  const inner = (child: Expr, wanted: boolean): string => sentence({ expr: child, bound }, wanted, speaker);
  switch (expr.op) {
    case "all":
    case "any": {
      const joint = holds === (expr.op === "all") ? " and " : " or ";
      return expr.args.map((arg) => (isJunction(arg) ? `(${inner(arg, holds)})` : inner(arg, holds))).join(joint);
    }
    case "not":
      return inner(expr.of, !holds);
    case "let":
      return sentence({ expr: expr.in, bound: [...bound, { as: expr.as, be: expr.be }] }, holds, speaker);
    case "ite":
      return `if ${inner(expr.test, true)}, ${inner(expr.yes, holds)}, else ${inner(expr.no, holds)}`;
    case "const":
      return valueText(expr.value);
    default:
      return phrase({ expr, bound, holds }, speaker);
  }
}

const isJunction = ({ op }: Expr): boolean => op === "all" || op === "any" || op === "ite";
