import { parse } from "@babel/parser";

/** A statement of a module. */
export type Statement = ReturnType<typeof parse>["program"]["body"][number];
/** A statement of one kind. */
export type StatementOf<Kind extends Statement["type"]> = Extract<Statement, { type: Kind }>;
/** An expression. */
export type Expression = StatementOf<"ExpressionStatement">["expression"];
/** An expression of one kind. */
export type ExpressionOf<Kind extends Expression["type"]> = Extract<Expression, { type: Kind }>;
/** A class, and what it consists of. */
export type ClassNode = StatementOf<"ClassDeclaration">;
/** See {@link ClassNode}. */
export type ClassMember = ClassNode["body"]["body"][number];
/** A method of a class, its constructor among them. */
export type MethodNode = Extract<ClassMember, { type: "ClassMethod" }>;
/** Whatever can be called. */
export type FunctionNode =
  | StatementOf<"FunctionDeclaration">
  | ExpressionOf<"FunctionExpression">
  | ExpressionOf<"ArrowFunctionExpression">
  | Extract<ExpressionOf<"ObjectExpression">["properties"][number], { type: "ObjectMethod" }>
  | MethodNode;
/** Any node that has a place. */
export interface Located {
  readonly type: string;
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } } | null | undefined;
}

/** A file of JavaScript as its statements. */
export function parseModule(text: string): readonly Statement[] {
  return parse(text, { sourceType: "module", errorRecovery: true, plugins: ["explicitResourceManagement"] as never })
    .program.body;
}

/** A file of type declarations as its statements. */
export function parseDeclarations(text: string): readonly Statement[] {
  return parse(text, { sourceType: "module", plugins: [["typescript", { dts: true }]] }).program.body;
}

/** Every node beneath one, itself first. */
export function* everyNode(root: unknown): Generator<Located & Readonly<Record<string, unknown>>> {
  if (Array.isArray(root)) {
    for (const item of root) yield* everyNode(item);
    return;
  }
  if (root === null || typeof root !== "object" || typeof (root as { type?: unknown }).type !== "string") return;
  yield root as Located & Readonly<Record<string, unknown>>;
  for (const [name, value] of Object.entries(root))
    if (value !== null && typeof value === "object" && !ASIDE.has(name)) yield* everyNode(value);
}

const ASIDE = new Set(["loc", "leadingComments", "trailingComments", "innerComments", "extra", "errors"]);

/** The line of a node, from 1. */
export const lineOf = ({ loc }: Located): number => loc?.start.line ?? 0;

/** The name that a key or a member spells; undefined for a computed one. */
export function keyName(key: { readonly type: string }, computed: boolean): string | undefined {
  const { name, value } = key as { readonly name?: unknown; readonly value?: unknown };
  if (key.type === "Identifier" && !computed) return String(name);
  if (key.type === "StringLiteral" || key.type === "NumericLiteral") return String(value as string | number);
  return undefined;
}
