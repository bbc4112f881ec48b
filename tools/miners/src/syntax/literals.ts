import type { Node } from "web-tree-sitter";
import { fieldOf, parts, spanOf, under, type Convert, type ExpressionRules } from "./convert.ts";
import type { Expr, Literal } from "./expressions.ts";
import type { Span } from "./nodes.ts";
import { decodeEscapes } from "./escapes.ts";

/** Numbers, strings, bytes, f-strings and the named constants. */
export const LITERAL_RULES: ExpressionRules = {
  integer: (node) => constant(node, numberOf(node.text)),
  float: (node) => constant(node, numberOf(node.text)),
  true: (node) => constant(node, { type: "bool", value: true }),
  false: (node) => constant(node, { type: "bool", value: false }),
  none: (node) => constant(node, { type: "none" }),
  ellipsis: (node) => constant(node, { type: "ellipsis" }),
  string: (node, convert) => joined(spanOf(node), [node], convert),
  concatenated_string: (node, convert) => joined(spanOf(node), parts(node), convert),
};

const constant = (node: Node, literal: Literal): Expr => ({ kind: "Constant", span: spanOf(node), literal });

function numberOf(written: string): Literal {
  const text = written.replaceAll("_", "").toLowerCase();
  if (/^0[xob]/.test(text)) return { type: "int", value: BigInt(text) };
  if (text.endsWith("j")) return { type: "complex", value: Number(text.slice(0, -1)) };
  if (/^\d+$/.test(text)) return { type: "int", value: BigInt(text) };
  return { type: "float", value: Number(text) };
}

/** Strings that stand side by side are one; adjacent constant pieces are joined, as Python does. */
function joined(span: Span, strings: readonly Node[], convert: Convert): Expr {
  const pieces = strings.flatMap((string) =>
    string.type === "string" ? piecesOf(string, convert) : [convert.expression(string)],
  );
  const merged: Expr[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    const both = last === undefined ? undefined : concatenated(last, piece);
    if (both === undefined) merged.push(piece);
    else merged[merged.length - 1] = both;
  }
  const [first] = merged;
  const formatted = strings.some((string) => /f/i.test(prefixOf(string)));
  if (!formatted && merged.length === 1 && first?.kind === "Constant") return { ...first, span };
  const values = merged.filter(
    ({ kind, ...piece }) => kind !== "Constant" || !("literal" in piece) || textIn(piece.literal) !== "",
  );
  return { kind: "JoinedStr", span, values };
}

const textIn = (literal: Literal): string | undefined =>
  literal.type === "str" || literal.type === "bytes" ? literal.value : undefined;

function concatenated(a: Expr, b: Expr): Expr | undefined {
  if (a.kind !== "Constant" || b.kind !== "Constant") return undefined;
  const { literal: left } = a;
  const { literal: right } = b;
  if (left.type === "str" && right.type === "str")
    return { ...a, literal: { type: "str", value: left.value + right.value } };
  if (left.type === "bytes" && right.type === "bytes")
    return { ...a, literal: { type: "bytes", value: left.value + right.value } };
  return undefined;
}

const prefixOf = (string: Node): string => /^[a-z]*/i.exec(string.text)?.[0] ?? "";

function piecesOf(string: Node, convert: Convert): Expr[] {
  const prefix = prefixOf(string).toLowerCase();
  const isRaw = prefix.includes("r");
  const text = (node: Node, raw: string): Expr => {
    const value = isRaw ? raw : decodeEscapes(raw, prefix.includes("b"));
    return constant(node, { type: prefix.includes("b") ? "bytes" : "str", value });
  };
  if (!prefix.includes("f")) {
    // The quotes are taken from the text: of `r"\""` the grammar reports a wrong end.
    const [opening = "", quotes = ""] = /^[a-z]*("""|'''|"|')/i.exec(string.text) ?? [];
    return [text(string, string.text.slice(opening.length, -quotes.length))];
  }
  return string.namedChildren.flatMap((child) => {
    if (child.type === "string_content") return [text(child, child.text.replaceAll("{{", "{").replaceAll("}}", "}"))];
    return child.type === "interpolation" ? formatted(child, convert) : [];
  });
}

/** `{value!conversion:format}`; `{value=}` also says its own text. */
function formatted(node: Node, convert: Convert): Expr[] {
  const value = fieldOf(node, "expression", convert);
  const format = under(node, "format_specifier")[0];
  const conversion = under(node, "type_conversion")[0]?.text.slice(1) ?? null;
  const equals = node.children.find((child) => child.type === "=");
  const said = equals === undefined ? [] : [constant(node, { type: "str", value: selfText(node, equals) })];
  const written: Expr = {
    kind: "FormattedValue",
    span: spanOf(node),
    value,
    conversion: conversion ?? (equals !== undefined && format === undefined ? "r" : null),
    format: format === undefined ? null : formatOf(format, convert),
  };
  return [...said, written];
}

/** What `{value=}` says before the value: all up to and with `=` and the blanks around it. */
function selfText(node: Node, equals: Node): string {
  const blanks = /^\s*/.exec(node.text.slice(equals.endIndex - node.startIndex))?.[0] ?? "";
  return node.text.slice(1, equals.endIndex - node.startIndex) + blanks;
}

function formatOf(node: Node, convert: Convert): Expr {
  const values: Expr[] = [];
  let from = node.startIndex + 1;
  const literal = (end: number): void => {
    const value = node.text.slice(from - node.startIndex, end - node.startIndex);
    if (value !== "") values.push(constant(node, { type: "str", value }));
  };
  for (const child of node.namedChildren.filter(
    ({ type }) => type === "format_expression" || type === "interpolation",
  )) {
    literal(child.startIndex);
    values.push(...formatted(child, convert));
    from = child.endIndex;
  }
  literal(node.endIndex);
  return { kind: "JoinedStr", span: spanOf(node), values };
}
