import { keyOf, type ClassOrder } from "../../modules/class-order.ts";
import type { ClassInfo, FunctionInfo } from "../../modules/definitions.ts";
import type { PyValue } from "@lem/config/invariants";
import type { Stmt } from "../../syntax/statements.ts";
import { numberOf } from "./type-text.ts";

const PARAMETER = /^[ \t]*(\w+):? \([^\n]*\)[^\n]*$|^[ \t]{4,8}(\w+): /gm;
const QUOTED = /["']([\w./:-]{1,40})["']/g;
const NUMBER = /(?<![\w.])-?\d+(?:\.\d+)?(?:e-?\d+)?(?![\w]|\.\d)/g;
const NAMED = /`(\w{2,40})`|^[ \t]*[-*] `?"?(\w{2,40})"?`?[ :(]/gm;
const MAX_WORDS = 24;

/** What documentation says of one parameter. */
export interface Documentation {
  /** Quoted words, and numbers. */
  readonly values: readonly PyValue[];
  /** Names in code font or at the head of a list: of a parameter that takes a dict, mostly its keys. */
  readonly names: readonly string[];
}

/** What the documentation of a class names for each of its parameters. */
export function documentationOf(cls: ClassInfo, order: ClassOrder): ReadonlyMap<string, Documentation> {
  const found = new Map<string, Documentation>();
  for (const ancestor of order.of(cls)) {
    if (ancestor.kind === "foreign" || keyOf(ancestor).startsWith("builtins")) continue;
    for (const [name, text] of textsOf(ancestor))
      if (!found.has(name)) found.set(name, { values: valuesIn(text), names: namesIn(text, name) });
  }
  return found;
}

/** What the documentation of a function names for each of its parameters, with the type that it gives as text. */
export const documentationOfFunction = ({
  node,
}: FunctionInfo): ReadonlyMap<string, Documentation & { type: string }> =>
  new Map(
    paragraphs(textOf(node.body[0]) ?? "").map(([name, text]) => {
      const type = /^[ \t]*\w+:? \(([^\n]*)\)/.exec(text)?.[1] ?? "";
      return [name, { type, values: valuesIn(text), names: namesIn(text, name) }];
    }),
  );

/** What is written of each parameter: in the doc strings of class and constructor, and below fields. */
function textsOf(cls: ClassInfo): readonly (readonly [string, string])[] {
  const bodies = [cls.node.body, ...cls.methods.flatMap(({ node }) => (node.name === "__init__" ? [node.body] : []))];
  return [...bodies.flatMap((body) => paragraphs(textOf(body[0]) ?? "")), ...belowFields(cls.node.body)];
}

function belowFields(body: readonly Stmt[]): readonly (readonly [string, string])[] {
  return body.flatMap((statement, place) => {
    const text = textOf(body[place + 1]);
    if (statement.kind !== "AnnAssign" || statement.target.kind !== "Name" || text === undefined) return [];
    return [[statement.target.id, text] as const];
  });
}

function textOf(statement: Stmt | undefined): string | undefined {
  if (statement?.kind !== "Expr" || statement.value?.kind !== "Constant") return undefined;
  const { literal } = statement.value;
  return literal.type === "str" ? literal.value : undefined;
}

function paragraphs(text: string): readonly (readonly [string, string])[] {
  const heads = [...text.matchAll(PARAMETER)];
  return heads.map((head, place) => {
    const end = heads[place + 1]?.index ?? text.length;
    return [head[1] ?? head[2] ?? "", text.slice(head.index, end)] as const;
  });
}

function valuesIn(text: string): readonly PyValue[] {
  const words = [...text.matchAll(QUOTED)].map(([, word = ""]) => word);
  const numbers = [...text.matchAll(NUMBER)].map(([number]) => number);
  return [...[...new Set(words)].slice(0, MAX_WORDS), ...[...new Set(numbers)].slice(0, MAX_WORDS).map(numberOf)];
}

/** Types stand in code font too. */
const TYPE_NAMES = /^(None|True|False|int|float|str|bool|list|dict|tuple|set|optional|torch|nn)$/i;

function namesIn(text: string, own: string): readonly string[] {
  const names = [...text.matchAll(NAMED)].map(([, quoted, head]) => quoted ?? head ?? "");
  return [...new Set(names)].filter((name) => name !== own && !TYPE_NAMES.test(name)).slice(0, MAX_WORDS);
}
