import { numberOf, type BetweenExpr, type Expr, type OperatorExpr, type PyValue } from "../../invariants/index.ts";
import type { Cause } from "./causes.ts";
import { elementNeed } from "./needed-kind.ts";
import { countedFields, effectivePart, isClosed, operandText, peeled, type Speaker } from "./operands.ts";
import { classText, constantsOf, rangeText } from "./phrases.ts";
import type { Part } from "./sight.ts";
import { choiceText, MOST_CHOICES, valueText } from "./value-text.ts";

/** Who is to blame, and what is known of the configuration. */
export interface Blame {
  readonly field: string;
  readonly speaker: Speaker;
  readonly valueOf: (part: Part) => PyValue | undefined;
  /** Whether leaving the field out is to give it null. */
  readonly isNullUsual: boolean;
}

/** What must be so. */
export interface Demand {
  /** What stands after "must". */
  readonly text: string;
  readonly choices?: readonly string[] | undefined;
  /** Where it is said of something else than the part that is compared. */
  readonly subject?: string;
}

type Wanted = Cause;

/** What must be so of a part; undefined where words fail. */
export function demandOf(wanted: Wanted, of: Expr, blame: Blame): Demand | undefined {
  const { expr, bound, holds } = wanted;
  if (isComparison(expr)) return comparison(wanted, expr.args, blame);
  switch (expr.op) {
    case "is":
    case "isNot":
      return { text: identityDemand(expr.value, holds === (expr.op === "is"), blame) };
    case "type":
    case "exactType":
      return { text: kindDemand(classText(writable(expr.classes)), holds) };
    case "between":
      return { text: rangeDemand(expr, wanted, blame) };
    case "every":
    case "some":
      return elementDemand(wanted, blame);
    default:
      return WORDLESS.has(expr.op) ? undefined : { text: truthDemand({ expr: of, bound }, holds, blame) };
  }
}

const WORDLESS: ReadonlySet<string> = new Set(["raises", "isSet", "isDefault", "matches", "hasAttr"]);

function identityDemand(value: boolean | null, isWanted: boolean, { isNullUsual }: Blame): string {
  if (value === null) return isWanted ? (isNullUsual ? "be left out" : "be null") : "be given";
  return `be ${String(value === isWanted)}`;
}

function rangeDemand(expr: BetweenExpr, { bound, holds }: Wanted, { speaker }: Blame): string {
  const range = rangeText(expr, (end) => operandText({ expr: end, bound }, speaker));
  return holds ? `be ${range}` : `not be ${range}`;
}

function kindDemand(kinds: string, holds: boolean): string {
  if (holds) return `be ${kinds}`;
  return kinds.includes(" or ") ? `be neither ${kinds.replaceAll(" or ", " nor ")}` : `not be ${kinds}`;
}

/** What YAML can say: no tuple where a list does, no bytes where a text does. */
function writable(classes: readonly string[]): readonly string[] {
  const dropped = new Set([
    ...(classes.includes("list") ? ["tuple", "set", "frozenset"] : []),
    ...(classes.includes("str") ? ["bytes"] : []),
  ]);
  return classes.filter((name) => !dropped.has(name));
}

type Pair = readonly [whenTrue: string, whenFalse: string];

const DEMANDS: Readonly<Record<string, Pair>> = {
  eq: ["be", "not be"],
  ne: ["not be", "be"],
  lt: ["be less than", "be at least"],
  le: ["be at most", "be more than"],
  gt: ["be more than", "be at most"],
  ge: ["be at least", "be less than"],
  in: ["be", "not be"],
  notIn: ["not be", "be"],
  subset: ["be among", "not be among"],
  disjoint: ["share nothing with", "share an element with"],
  startsWith: ["begin with", "not begin with"],
  endsWith: ["end with", "not end with"],
};

/** Whether a condition compares two operands. */
export const isComparison = (expr: Expr): expr is OperatorExpr => Object.hasOwn(DEMANDS, expr.op);

function comparison(wanted: Wanted, [first, second]: readonly Expr[], blame: Blame): Demand | undefined {
  const { expr, bound, holds } = wanted;
  const words = DEMANDS[expr.op]?.[holds ? 0 : 1];
  if (first === undefined || second === undefined || words === undefined) return undefined;
  const { speaker } = blame;
  const other = peeled(effectivePart({ expr: second, bound }, speaker), speaker);
  const constants = CONTAINED.has(expr.op) ? constantsOf(other.expr, speaker) : undefined;
  const text = otherText(other, constants, speaker);
  const compared = { words, text };
  const part = { expr: first, bound };
  const special = counting(part, compared) ?? arithmetic(part, compared, blame);
  if (special !== undefined) return special;
  if (MEMBERS.has(expr.op) && constants === undefined) return { text: `${words} one of ${text}` };
  return choice(other.expr, constants, compared) ?? { text: `${words} ${text}` };
}

const otherText = (other: Part, constants: readonly PyValue[] | undefined, speaker: Speaker): string =>
  constants === undefined ? `${operandText(other, speaker)}${speaker.note(other)}` : choiceText(constants);

interface Compared {
  readonly words: string;
  readonly text: string;
}

function counting({ expr, bound }: Part, { words, text }: Compared): Demand | undefined {
  const counted = expr.op === "sum" ? countedFields(expr, bound) : undefined;
  if (counted === undefined) return undefined;
  return { subject: `${words.replace(/^be /, "")} ${text} of ${counted.join(", ")}`, text: "be given" };
}

/** A constant, or one of a closed list that is short enough. */
function choice(other: Expr, constants: readonly PyValue[] | undefined, said: Compared): Demand | undefined {
  const { words, text } = said;
  if (words !== "be") return undefined;
  if (constants === undefined) return other.op === "const" ? { text: `be ${text}`, choices: [text] } : undefined;
  return constants.length <= MOST_CHOICES ? { text: `be ${text}`, choices: constants.map(valueText) } : undefined;
}

const MEMBERS: ReadonlySet<string> = new Set(["in", "notIn"]);
const CONTAINED: ReadonlySet<string> = new Set([...MEMBERS, "subset", "disjoint"]);

/** A remainder of zero is a multiple; a magnitude below infinity is finite. */
function arithmetic(part: Part, { words, text }: Compared, { field, speaker }: Blame): Demand | undefined {
  const { expr, bound } = effectivePart(part, speaker);
  const [dividend, divisor] = "args" in expr ? expr.args : [];
  if (expr.op === "abs" && text === "inf") return { subject: "it", text: "be finite" };
  if (expr.op !== "mod" || dividend === undefined || divisor === undefined || text !== "0") return undefined;
  const by = peeled({ expr: divisor, bound }, speaker);
  const subject = operandText(peeled({ expr: dividend, bound }, speaker), speaker);
  const multiple = `a multiple of ${operandText(by, speaker)}${speaker.note(by)}`;
  const isField = subject === field && multiple !== "a multiple of 1";
  return { subject: isField ? "it" : subject, text: `${words} ${multiple}` };
}

/** What must be so of all elements, or of one. */
function elementDemand({ expr, bound, holds }: Wanted, blame: Blame): Demand | undefined {
  if (expr.op !== "every" && expr.op !== "some") return undefined;
  const inner = demandOfElement({ expr: expr.that, bound, holds }, expr.as, blame);
  if (inner === undefined) return undefined;
  const all = holds === (expr.op === "every");
  const value = peeled({ expr: expr.in, bound }, blame.speaker);
  const of = value.expr.op === "keys" ? "key" : value.expr.op === "values" ? "value" : "element";
  return { subject: all ? `each ${of}` : `one ${of}`, text: inner };
}

function demandOfElement(wanted: Wanted, name: string, blame: Blame): string | undefined {
  const { expr, bound, holds } = wanted;
  if (expr.op === "not") return demandOfElement({ expr: expr.of, bound, holds: !holds }, name, blame);
  if (expr.op === "raises") return holds ? undefined : elementNeed(expr.of);
  if (expr.op === "any" || expr.op === "all") {
    const parts = holds === (expr.op === "all") ? expr.args : [];
    const texts = parts.map((part) => demandOfElement({ expr: part, bound, holds }, name, blame));
    return texts.find((text) => text !== undefined);
  }
  const of = comparedPart(expr);
  return of?.op === "var" && of.name === name ? demandOf(wanted, of, blame)?.text : undefined;
}

function comparedPart(expr: Expr): Expr | undefined {
  if ("of" in expr) return expr.of;
  return isComparison(expr) ? expr.args[0] : expr;
}

/** True or not empty, or the contrary, said of a value of the kind at hand. */
function truthDemand(part: Part, holds: boolean, { valueOf }: Blame): string {
  const value = isClosed(part) ? valueOf(part) : "";
  if (typeof value === "boolean") return `be ${String(holds)}`;
  if (value === null) return "be given";
  if (value !== undefined && numberOf(value) !== undefined) return holds ? "not be 0" : "be 0";
  return holds ? "not be empty" : "be empty";
}
