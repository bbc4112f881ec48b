import { createRequire } from "node:module";
import { Language, Parser, type Node } from "web-tree-sitter";
import { textDigest, parts, spanOf, type Convert } from "./convert.ts";
import { COMPOUND_RULES } from "./compound.ts";
import { decodeSource } from "./decode.ts";
import { DISPLAY_RULES } from "./displays.ts";
import type { Expr } from "./expressions.ts";
import { LITERAL_RULES } from "./literals.ts";
import type { Span } from "./nodes.ts";
import { OPERATION_RULES } from "./operations.ts";
import { SIMPLE_RULES } from "./simple.ts";
import type { Stmt } from "./statements.ts";

/** A place that could not be read. */
export interface SyntaxTrouble {
  readonly line: number;
  readonly reason: string;
}

/** One file, read. What could not be read is listed and stands as `Unparsed` in the body. */
export interface ParsedModule {
  readonly body: readonly Stmt[];
  readonly troubles: readonly SyntaxTrouble[];
}

/** Reads Python files. */
export interface PythonParser {
  /** Never throws for bad source: see {@link ParsedModule.troubles}. */
  readonly parse: (bytes: Uint8Array) => ParsedModule;
}

/** Deeper nests stay unparsed, so that a made-up file cannot exhaust the stack. */
const MAX_DEPTH = 300;
const EXPRESSIONS = { ...LITERAL_RULES, ...OPERATION_RULES, ...DISPLAY_RULES };
const STATEMENTS = { ...SIMPLE_RULES, ...COMPOUND_RULES };

let language: Promise<Language> | undefined;

/** Loads the Python grammar, once in a process. */
export async function pythonParser(): Promise<PythonParser> {
  language ??= loadGrammar();
  const grammar = await language;
  const parser = new Parser().setLanguage(grammar);
  return { parse: (bytes) => parseBytes(parser, bytes) };
}

async function loadGrammar(): Promise<Language> {
  await Parser.init();
  return await Language.load(createRequire(import.meta.url).resolve("tree-sitter-python/tree-sitter-python.wasm"));
}

function parseBytes(parser: Parser, bytes: Uint8Array): ParsedModule {
  const decoded = decodeSource(bytes);
  if ("trouble" in decoded) return { body: [], troubles: [{ line: 1, reason: decoded.trouble }] };
  const tree = parser.parse(decoded.text);
  if (tree === null) return { body: [], troubles: [{ line: 1, reason: "the parser gave up" }] };
  const troubles: SyntaxTrouble[] = [];
  const body = converter(troubles, tree.rootNode.hasError).block(tree.rootNode);
  tree.delete();
  return { body, troubles };
}

/** A statement with blocks keeps what can be read of it; a shorter node with an error inside is not guessed at. */
const KEPT = /^(block|.*_clause|(if|for|while|with|try|match)_statement|.*_definition)$/;

function converter(troubles: SyntaxTrouble[], hasErrors: boolean): Convert {
  let depth = 0;
  const unparsed = (node: Node, reason: string): Unparsed => {
    troubles.push({ line: spanOf(node).line, reason });
    return { kind: "Unparsed", span: spanOf(node), reason, digest: textDigest(node) };
  };
  const descend = <T>(node: Node, rule: ((node: Node, convert: Convert) => T) | undefined): T | Unparsed => {
    if (hasErrors && node.hasError) {
      if (!KEPT.test(node.type)) return unparsed(node, "a syntax error");
      const isBroken = node.children.some((each) => each.isMissing || (each.isError && node.type !== "block"));
      if (isBroken) troubles.push({ line: spanOf(node).line, reason: "a syntax error" });
    }
    if (rule === undefined) return unparsed(node, `no rule for ${node.type}`);
    if (depth >= MAX_DEPTH) return unparsed(node, "nested too deeply");
    depth += 1;
    try {
      return rule(node, convert);
    } finally {
      depth -= 1;
    }
  };
  const expression = (node: Node): Expr => descend(node, EXPRESSIONS[node.type]);
  const statement = (node: Node): Stmt => descend(node, STATEMENTS[node.type]);
  const convert: Convert = { expression, block: (node) => parts(node).map(statement), unparsed };
  return convert;
}

type Unparsed = Expr & Stmt & { readonly kind: "Unparsed"; readonly span: Span };
