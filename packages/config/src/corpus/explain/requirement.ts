import type { Expr, OperatorExpr } from "../../invariants/index.ts";
import type { Cause } from "./causes.ts";
import { demandOf, isComparison, type Blame } from "./demand.ts";
import { effectivePart, fieldsOf, operandText, peeled } from "./operands.ts";
import type { Part } from "./sight.ts";
import { alternatives } from "./value-text.ts";

/** What would make a rule silent, said of the field that is to blame. */
export interface Requirement {
  /** `it`, `its length`, `each element`. */
  readonly subject: string;
  /** What stands after "must": `be at most 1`. */
  readonly be: string;
  /** The values of which it must be one, where that is what it says. */
  readonly choices?: readonly string[] | undefined;
  /** True where the field itself is compared by size. */
  readonly isRange: boolean;
}

/** What a condition that makes a rule fire demands of the field that is to blame; undefined where words fail. */
export function requirementOf({ expr, bound, holds }: Cause, blame: Blame): Requirement | undefined {
  const about = aboutField({ expr, bound }, blame);
  if (about === undefined) return undefined;
  const subject = subjectText({ expr: about.of, bound }, blame);
  if (subject === undefined) return undefined;
  const be = demandOf({ expr: about.expr, bound, holds: !holds }, about.of, blame);
  const isRange = subject === "it" && RANGES.has(about.expr.op);
  return be && { subject: be.subject ?? subject, be: be.text, choices: be.choices, isRange };
}

const RANGES: ReadonlySet<string> = new Set(["lt", "le", "gt", "ge", "between"]);

/** Requirements of which one has to be met: `it must be -1 or at least 0`. */
export function eitherOf(requirements: readonly Requirement[], verb: string): string {
  const own = requirements.filter(({ subject }) => subject === "it");
  const said = own.length > 0 ? own : requirements;
  const subjects = [...new Set(said.map(({ subject }) => subject))];
  return subjects
    .map((subject) => `${subject} ${verb} ${joined(said.filter((each) => each.subject === subject))}`)
    .join(", or ");
}

/** Closed lists become one, and kinds of values stand in one order. */
function joined(all: readonly Requirement[]): string {
  const choices = [...new Set(all.flatMap((each) => each.choices ?? []))];
  const others = all.filter((each) => each.choices === undefined).map(({ be }) => be);
  const told = [...new Set([...(choices.length > 0 ? [`be ${alternatives(choices)}`] : []), ...others])];
  const sorted = told.every((text) => text.startsWith("be a ")) ? told.toSorted() : told;
  const bare = sorted.map((text, at) => (sorted[at - 1]?.startsWith("be ") ? text.replace(/^be /, "") : text));
  return bare.join(bare.some((text) => text.includes(", ")) ? ", or " : " or ");
}

interface About {
  /** The condition, the part about the field put first. */
  readonly expr: Expr;
  readonly of: Expr;
}

const MIRRORED: Readonly<Record<string, OperatorExpr["op"]>> = {
  lt: "gt",
  le: "ge",
  gt: "lt",
  ge: "le",
  eq: "eq",
  ne: "ne",
};

function aboutField(part: Part, { field }: Blame): About | undefined {
  const { expr, bound } = part;
  const reads = (of: Expr): boolean => fieldsOf({ expr: of, bound }).has(field);
  if (isComparison(expr)) return comparedField(expr, reads);
  if (expr.op === "every" || expr.op === "some") return { expr, of: expr.in };
  if ("of" in expr && expr.op !== "attr" && expr.op !== "raises") return { expr, of: expr.of };
  return reads(expr) ? { expr, of: expr } : undefined;
}

function comparedField(expr: OperatorExpr, reads: (of: Expr) => boolean): About | undefined {
  const [first, second] = expr.args;
  if (first === undefined || second === undefined) return undefined;
  const op = MIRRORED[expr.op];
  if (op === undefined || reads(first) || !reads(second)) return { expr, of: first };
  return { expr: { op, args: [second, first] }, of: second };
}

/** What the field is called in the part of a condition that is about it. */
function subjectText(part: Part, blame: Blame): string | undefined {
  const { expr, bound } = peeled(effectivePart(part, blame.speaker), blame.speaker);
  if (expr.op === "field")
    return expr.path === blame.field ? "it" : `${expr.path}${blame.speaker.note({ expr, bound })}`;
  if (expr.op === "var") return "each element";
  const inner = "args" in expr ? expr.args[0] : expr.op === "attr" ? expr.of : undefined;
  if (inner === undefined) return undefined;
  const isOwn = subjectText({ expr: inner, bound }, blame) === "it";
  return (isOwn ? partName(expr) : undefined) ?? operandText({ expr, bound }, blame.speaker);
}

const PARTS: Readonly<Record<string, string>> = {
  len: "its length",
  abs: "its magnitude",
  keys: "its keys",
  values: "its values",
};

/** What a part of the field is called: its length, what stands under a key. */
function partName(expr: Expr): string | undefined {
  if (expr.op === "attr") return `its ${expr.name}`;
  if (expr.op !== "index" && expr.op !== "get") return PARTS[expr.op];
  const [, key] = expr.args;
  if (key?.op !== "const") return undefined;
  return typeof key.value === "string" ? `its ${key.value}` : "each element";
}
