import { Draw } from "../../src/score/sample/draw.ts";
import type { Expr } from "../../src/syntax/expressions.ts";
import { everyNode } from "../../src/syntax/inside.ts";
import type { Span } from "../../src/syntax/nodes.ts";
import type { Stmt } from "../../src/syntax/statements.ts";

/** One small change of a source text, as a careless release could make it. */
export interface Mutation {
  /** What was done: `bound`, `operator`, `guard` and so on, with the change. */
  readonly what: string;
  /** Lines of the statements that the changed condition guards. */
  readonly lines: readonly number[];
  readonly at: Span;
  readonly text: string;
}

/** Reads what stands in a span. */
export type TextOf = (span: Span) => string;

const SWAPPED: Readonly<Record<string, string>> = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "==": "!=",
  "!=": "==",
  in: "not in",
  "not in": "in",
  is: "is not",
  "is not": "is",
};

/** The text of a file as a function of spans, and with spans replaced. */
export function textOf(source: string): TextOf {
  const starts = lineStarts(source);
  return ({ line, column, endLine, endColumn }) =>
    source.slice((starts[line - 1] ?? 0) + column, (starts[endLine - 1] ?? 0) + endColumn);
}

/** A source with mutations made; they must not overlap. */
export function mutated(source: string, mutations: readonly Mutation[]): string {
  const starts = lineStarts(source);
  const offset = (line: number, column: number): number => (starts[line - 1] ?? 0) + column;
  const edits = mutations.toSorted((a, b) => offset(b.at.line, b.at.column) - offset(a.at.line, a.at.column));
  return edits.reduce(
    (text, { at, text: replacement }) =>
      text.slice(0, offset(at.line, at.column)) + replacement + text.slice(offset(at.endLine, at.endColumn)),
    source,
  );
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf("\n"); at >= 0; at = source.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Every mutation of the condition of an `if` that guards one of the statements of interest directly. */
export function mutationsOf(statement: Stmt, text: TextOf, isOfInterest: (s: Stmt) => boolean): Mutation[] {
  if (statement.kind !== "If") return [];
  const lines = statement.body.filter(isOfInterest).map(({ span }) => span.line);
  if (lines.length === 0) return [];
  const { test } = statement;
  const whole = { what: "guard: negated", lines, at: test.span, text: `not (${text(test.span)})` };
  const inside = [...everyNode(test)].flatMap((node) => [
    ...operators(node as Expr, lines, text),
    ...bounds(node as Expr, lines, text),
    ...guards(node as Expr, lines, text),
  ]);
  return [whole, ...inside];
}

function operators(node: Expr, lines: readonly number[], text: TextOf): readonly Mutation[] {
  if (node.kind !== "Compare") return [];
  const sides = [node.left, ...node.comparators];
  return node.ops.flatMap((op, at) => {
    const [left, right] = [sides[at], sides[at + 1]];
    const swapped = SWAPPED[op];
    if (left === undefined || right === undefined || swapped === undefined) return [];
    const span = between(left.span, right.span);
    return [{ what: `operator: ${op} to ${swapped}`, lines, at: span, text: text(span).replace(spelt(op), swapped) }];
  });
}

/** An operator as written, whatever blanks stand in it. */
const spelt = (op: string): RegExp => new RegExp(op.replace(" ", "\\s+"));

function bounds(node: Expr, lines: readonly number[], text: TextOf): readonly Mutation[] {
  if (node.kind !== "Compare") return [];
  return [node.left, ...node.comparators].flatMap((side) => {
    const number = side.kind === "UnaryOp" ? side.operand : side;
    if (number.kind === "Constant" && (number.literal.type === "int" || number.literal.type === "float"))
      return [{ what: "bound: moved", lines, at: side.span, text: `(${text(side.span)} + 3)` }];
    if ((side.kind !== "List" && side.kind !== "Tuple" && side.kind !== "Set") || side.elts.length < 2) return [];
    const [first, second] = side.elts as [Expr, Expr, ...Expr[]];
    return [{ what: "bound: one less allowed", lines, at: upTo(first.span, second.span), text: "" }];
  });
}

function guards(node: Expr, lines: readonly number[], text: TextOf): readonly Mutation[] {
  if (node.kind === "UnaryOp" && node.op === "not")
    return [{ what: "guard: not left out", lines, at: node.span, text: `(${text(node.operand.span)})` }];
  if (node.kind !== "BoolOp") return [];
  const [first, second] = node.values as [Expr, Expr, ...Expr[]];
  const span = between(first.span, second.span);
  const other = node.op === "and" ? "or" : "and";
  return [
    { what: `guard: ${node.op} to ${other}`, lines, at: span, text: text(span).replace(node.op, other) },
    { what: "guard: first operand left out", lines, at: upTo(first.span, second.span), text: "" },
  ];
}

const between = (left: Span, right: Span): Span => ({
  line: left.endLine,
  column: left.endColumn,
  endLine: right.line,
  endColumn: right.column,
});

const upTo = (first: Span, second: Span): Span => ({ ...first, endLine: second.line, endColumn: second.column });

/** One mutation for each of some conditions, of as many kinds as there are. */
export function choose(groups: readonly (readonly Mutation[])[], count: number, seed: number): readonly Mutation[] {
  const draw = new Draw(seed);
  const used = new Map<string, number>();
  return draw
    .some(
      groups.filter((group) => group.length > 0),
      count,
    )
    .flatMap((group) => {
      const [least] = draw
        .some(group, group.length)
        .toSorted((a, b) => (used.get(a.what) ?? 0) - (used.get(b.what) ?? 0));
      if (least === undefined) return [];
      used.set(least.what, (used.get(least.what) ?? 0) + 1);
      return [least];
    });
}
