import { Composer, Lexer, LineCounter, Parser, type CST, type Document } from "yaml";
import { convertDocument, type ConvertOptions } from "./convert.ts";
import type { Located } from "./located.ts";
import { PARSING } from "./parsing.ts";

/** Texts from this length on are read piece by piece, and lists from this length on are such pieces. */
const LONG_TEXT = 100_000;
const LONG_LIST = 100;
/** Lexemes between two looks at what has been read. */
const LEXEMES = 4096;

/**
 * Reads a long text whose bulk is a list, such as that of thousands of experiments: items become values as soon as they
 * are complete, since the syntax tree of all of them takes ten times the memory of the values. Undefined for a short text,
 * for one with aliases, and for one with which anything is wrong: whoever reads it as a whole can say where and why.
 */
export function readLongText(
  text: string,
  {
    origin,
    markWith,
  }: Pick<ConvertOptions, "origin"> & { readonly markWith: (counter: LineCounter) => ConvertOptions["mark"] },
): Located | undefined {
  if (text.length < LONG_TEXT || (text.includes("&") && text.includes("*"))) return undefined;
  if ((text.match(/^ *- /gm)?.length ?? 0) < LONG_LIST) return undefined;
  const counter = new LineCounter();
  const reading = new Reading(counter, { origin, mark: markWith(counter) });
  return reading.read(text);
}

class Reading {
  readonly #parser: Parser;
  readonly #options: ConvertOptions;
  /** Values of items by the offset at which each is written. */
  readonly #values = new Map<number, Located>();
  /** How many items of a list have been read. */
  readonly #read = new WeakMap<CST.Token, number>();
  #isSound = true;

  constructor(counter: LineCounter, options: ConvertOptions) {
    this.#parser = new Parser(counter.addNewLine);
    counter.addNewLine(0);
    this.#options = options;
  }

  read(text: string): Located | undefined {
    const documents: Document.Parsed[] = [];
    for (const document of new Composer(PARSING).compose(this.#tokens(text), true, text.length))
      documents.push(document as Document.Parsed);
    const [document] = documents;
    if (document === undefined || documents.length > 1) return undefined;
    return this.#converted(document, this.#values);
  }

  *#tokens(text: string): Generator<CST.Token> {
    let lexemes = 0;
    for (const lexeme of new Lexer().lex(text)) {
      yield* this.#parser.next(lexeme);
      lexemes += 1;
      if (lexemes % LEXEMES === 0) this.#readItems();
      if (!this.#isSound) return;
    }
    yield* this.#parser.end();
  }

  /** Puts a word in the place of every item that is complete. */
  #readItems(): void {
    for (const list of this.#parser.stack) {
      if (list.type !== "block-seq" || list.items.length < LONG_LIST) continue;
      const last = list.items.length - 1;
      for (let at = this.#read.get(list) ?? 0; at < last && this.#isSound; at++) {
        const item = list.items[at];
        if (item?.value !== undefined) item.value = this.#readItem(item.value);
      }
      this.#read.set(list, last);
    }
  }

  #readItem(value: CST.Token): CST.Token {
    const { offset } = value;
    const [document] = new Composer(PARSING).compose([{ type: "document", offset, start: [], value }]);
    const read = document === undefined ? undefined : this.#converted(document as Document.Parsed);
    if (read === undefined) return value;
    this.#values.set(offset, read);
    return { type: "scalar", offset, indent: 0, source: "read" };
  }

  /** The value of a document with which nothing is wrong. */
  #converted(document: Document.Parsed, values?: ReadonlyMap<number, Located>): Located | undefined {
    const { value, problems } = convertDocument(document, { ...this.#options, ...(values && { values }) });
    this.#isSound &&= document.errors.length + document.warnings.length + problems.length === 0;
    return this.#isSound ? value : undefined;
  }
}
