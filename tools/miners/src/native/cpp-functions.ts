import { closing, type CppText, type Part } from "./cpp-text.ts";

/** A function with a body in a C++ file. */
export interface CppFunction {
  readonly text: CppText;
  /** Path of the file. */
  readonly path: string;
  /** With its namespaces, as far as the file spells them, and aliases of namespaces replaced. */
  readonly name: string;
  /** What stands between the parentheses after its name. */
  readonly parameters: Part;
  /** Between its braces. */
  readonly body: Part;
}

const HEADER = /(?:^|[\s*&])([A-Za-z_~][\w:~]*)\s*\(([^]*)\)[^()]*$/;
const KEYWORD = /(?:^|[\s:])(?:if|for|while|switch|catch|return|new|sizeof|decltype)$/;

/** The functions of a file that have a body, those in classes included, those in functions not. */
export function cppFunctions(text: CppText, path: string): readonly CppFunction[] {
  const aliases = namespaceAliases(text.code);
  const found: CppFunction[] = [];
  const scan = (part: Part, scope: readonly string[]): void => {
    for (const block of blocksIn(text.code, part)) {
      const header = text.code.slice(block.header, block.open);
      const body = { start: block.open + 1, end: block.close };
      const inside = scopeOf(header);
      if (inside !== undefined) {
        scan(body, [...scope, ...inside]);
        continue;
      }
      const fn = functionAt(header, block.header);
      if (fn === undefined) continue;
      const spelled = unalias(fn.name, aliases);
      found.push({ text, path, name: [...scope, spelled].join("::"), parameters: fn.parameters, body });
    }
  };
  scan({ start: 0, end: text.code.length }, []);
  return found;
}

/** `namespace a = b::c;` by alias. */
export const namespaceAliases = (code: string): ReadonlyMap<string, string> =>
  new Map([...code.matchAll(/\bnamespace\s+(\w+)\s*=\s*([\w:]+)\s*;/g)].map(([, to = "", from = ""]) => [to, from]));

/** A qualified name with its first part's alias replaced. */
export function unalias(name: string, aliases: ReadonlyMap<string, string>): string {
  const [first = "", ...rest] = name.split("::");
  return [aliases.get(first) ?? first, ...rest].join("::");
}

/** The names that a namespace or class adds to those in it; undefined for other blocks. */
function scopeOf(header: string): readonly string[] | undefined {
  const space = /\bnamespace\s*([\w:]*)\s*$/.exec(header)?.[1];
  if (space !== undefined) return space === "" ? [] : space.split("::");
  const holder = /\b(?:class|struct)\s+(?:[A-Z_]+\s+)?(\w+)\s*(?:final\s*)?(?::[^:(][^()]*)?$/.exec(header)?.[1];
  return holder === undefined ? undefined : [holder];
}

function functionAt(header: string, offset: number): { readonly name: string; readonly parameters: Part } | undefined {
  const beforeInitialisers = header.replace(
    /\)\s*(?:noexcept\s*)?:(?!:)[^]*$/,
    (rest) => `)${" ".repeat(rest.length - 1)}`,
  );
  const match = HEADER.exec(beforeInitialisers.trimEnd());
  const name = match?.[1];
  if (match === null || name === undefined || KEYWORD.test(name) || /=\s*$/.test(header.slice(0, match.index)))
    return undefined;
  const open = header.indexOf("(", match.index + match[0].indexOf(name) + name.length);
  return { name, parameters: { start: offset + open + 1, end: offset + closing(header, open) } };
}

/** `member{value}`: bodies have a space or a line before their brace. */
const isInitialiser = (code: string, at: number): boolean => code[at] === "{" && /[\w>]/.test(code[at - 1] ?? "");

interface Block {
  readonly header: number;
  readonly open: number;
  readonly close: number;
}

/** The blocks in braces that stand directly in a part, each with where its header starts. */
function blocksIn(code: string, { start, end }: Part): readonly Block[] {
  const blocks: Block[] = [];
  let header = start;
  for (let at = start; at < end; at += 1) {
    const char = code[at];
    if (char === ";") header = at + 1;
    else if (char === "(" || char === "[" || isInitialiser(code, at)) at = closing(code, at);
    else if (char === "{") {
      const close = closing(code, at);
      blocks.push({ header, open: at, close });
      at = close;
      header = close + 1;
    }
  }
  return blocks;
}
