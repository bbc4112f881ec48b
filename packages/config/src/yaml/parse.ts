import type { Origin } from "@lem/domain";
import { LineCounter, parseDocument, type Document, type YAMLError } from "yaml";
import { problemAt, type Problem } from "../problem.ts";
import { convertDocument } from "./convert.ts";
import type { Located, MapNode, Mark } from "./located.ts";
import { readLongText } from "./long-text.ts";
import { PARSING } from "./parsing.ts";

/** What a text is called and which layer it makes. */
export interface ParseOptions {
  /** Name for problems; null for a text that is no file. */
  readonly file?: string | null;
  /** `file` unless told. */
  readonly origin?: Origin;
}

/** A parsed text: the value (absent when the text cannot be read as a mapping) with every problem found. */
export interface Parsed<T extends Located = MapNode> {
  readonly value: T | undefined;
  readonly problems: readonly Problem[];
}

const NUL = "\u0000";

/** Parses the text of a configuration (YAML 1.2 core) into a mapping that knows where everything is written. */
export function parseText(text: string, options: ParseOptions = {}): Parsed {
  const start: Mark = { file: options.file ?? null, line: 1, column: 1 };
  const nul = text.indexOf(NUL);
  if (nul >= 0) return { value: undefined, problems: [binaryProblem(options.file ?? null, text.slice(0, nul))] };
  const { value, problems } = parseValue(text, options);
  if (problems.some((problem) => problem.code === "config.syntax")) return { value: undefined, problems };
  if (value === undefined || (value.kind === "scalar" && value.value === null)) {
    const hint = "lem config init writes an example to start from";
    return {
      value: undefined,
      problems: [
        ...problems,
        problemAt(start, { code: "config.empty", path: [], message: "the file holds no keys", hint }),
      ],
    };
  }
  if (value.kind === "map") return { value, problems };
  const message = `a configuration is made of "key: value" lines, this is a ${value.kind === "list" ? "list" : "single value"}`;
  return {
    value: undefined,
    problems: [...problems, problemAt(value.mark, { code: "config.wrong-type", path: [], message })],
  };
}

/** The problem of a file that is no text; `before` is the part of it that could be read. */
export function binaryProblem(file: string | null, before: string): Problem {
  const lines = before.split("\n");
  const mark: Mark = { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  const hint = "configurations are YAML in UTF-8; is this another kind of file?";
  return problemAt(mark, { code: "config.binary", path: [], message: "the file is not UTF-8 text", hint });
}

/** Parses any YAML value, also a lone scalar; the value is absent for an empty text. */
export function parseValue(text: string, options: ParseOptions = {}): Parsed<Located> {
  const { file = null, origin = "file" } = options;
  const markWith =
    (lines: LineCounter) =>
    (offset: number): Mark => {
      const { line, col } = lines.linePos(Math.min(offset, text.length));
      return { file, line, column: col };
    };
  const long = readLongText(text, { origin, markWith });
  if (long !== undefined) return { value: long, problems: [] };
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { ...PARSING, lineCounter });
  const mark = markWith(lineCounter);
  const problems = documentProblems(document, mark);
  if (problems.some((problem) => problem.code === "config.syntax")) return { value: undefined, problems };
  const converted = convertDocument(document, { mark, origin });
  return { value: converted.value, problems: [...problems, ...converted.problems] };
}

/** The parser's own findings; of several on one line only the first, as the others follow from it. */
function documentProblems(document: Document.Parsed, mark: (offset: number) => Mark): readonly Problem[] {
  const seen = new Set<number | null>();
  return [...document.errors, ...document.warnings].flatMap((error) => {
    const place = mark(error.pos[0]);
    if (seen.has(place.line)) return [];
    seen.add(place.line);
    return [problemAt(place, { code: "config.syntax", path: [], message: wordsOf(error), hint: HINTS[error.code] })];
  });
}

const wordsOf = (error: YAMLError): string => WORDS[error.code] ?? `not valid YAML: ${error.message}`;

const WORDS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "a second document begins here; a configuration is one document",
  RESOURCE_EXHAUSTION: "the file is nested too deeply",
  TAB_AS_INDENT: "a tab is used for indentation",
  TAG_RESOLVE_FAILED: "tags are not read here",
};

const HINTS: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: "write each experiment in a file of its own",
  TAB_AS_INDENT: "indent with spaces",
  TAG_RESOLVE_FAILED: 'leave the tag out; write 1.0 for a float and "1" for a text',
};
