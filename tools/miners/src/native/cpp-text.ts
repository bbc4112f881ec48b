/** C++ source made ready for reading by offsets: comments, directives and what stands in strings are blanks. */
export interface CppText {
  /** As it was written; offsets of `code` hold here too. */
  readonly raw: string;
  readonly code: string;
}

const TOKEN = /\/\/[^\n]*|\/\*[^]*?\*\/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])+'|^[ \t]*#(?:[^\n\\]|\\[^])*/gm;

/** Blanks keep their length and their lines; quotes stay. */
export function cppText(raw: string): CppText {
  const code = raw.replaceAll(TOKEN, (token) => {
    const quoted = token.startsWith('"') || token.startsWith("'");
    const blank = (text: string): string => text.replaceAll(/[^\n]/g, " ");
    return quoted ? `${token[0]}${blank(token.slice(1, -1))}${token.at(-1)}` : blank(token);
  });
  return { raw, code };
}

const OPEN = "([{";
const CLOSE = ")]}";

/** The offset of the bracket that closes the one at `open`; the end of the text when none does. */
export function closing(code: string, open: number): number {
  let depth = 0;
  for (let at = open; at < code.length; at += 1) {
    const char = code[at] as string;
    if (OPEN.includes(char)) depth += 1;
    else if (CLOSE.includes(char)) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return code.length;
}

/** A part of a text, from one offset to another. */
export interface Part {
  readonly start: number;
  readonly end: number;
}

/** The parts between commas that stand in no brackets; `<` and `>` count as brackets where they enclose types. */
export function commaParts(code: string, { start, end }: Part): readonly Part[] {
  const parts: Part[] = [];
  let depth = 0;
  let from = start;
  for (let at = start; at < end; at += 1) {
    depth = Math.max(0, depth + step(code, at));
    if (code[at] !== "," || depth > 0) continue;
    parts.push({ start: from, end: at });
    from = at + 1;
  }
  if (code.slice(from, end).trim() !== "") parts.push({ start: from, end });
  return parts;
}

/** How many brackets open at an offset, less those that close. */
function step(code: string, at: number): number {
  const char = code[at] as string;
  const before = code[at - 1] ?? "";
  if (OPEN.includes(char) || (char === "<" && /[\w:]/.test(before))) return 1;
  return CLOSE.includes(char) || (char === ">" && before !== "-") ? -1 : 0;
}

/** The text of a string literal that a part consists of; undefined for anything else. */
export function stringIn({ raw }: CppText, { start, end }: Part): string | undefined {
  return /^\s*"((?:\\.|[^"\\])*)"\s*$/.exec(raw.slice(start, end))?.[1];
}

/** From 1. */
export const lineAt = (code: string, offset: number): number => code.slice(0, offset).split("\n").length;
