/** A pattern of the subset on which all regular expression dialects agree. */
export type Pattern =
  | { readonly kind: "characters"; readonly ranges: readonly Range[]; readonly negated: boolean }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Pattern[] }
  | { readonly kind: "repeat"; readonly of: Pattern; readonly least: number; readonly most: number };

/** Code points from first to last. */
export type Range = readonly [first: number, last: number];

const SPECIAL = /[\\.^$*+?{}[\]()|]/;
const ESCAPED = /[\\.^$*+?{}[\]()|/\-"'#&~ ]/;
const CONTROLS: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };

/** Reads patterns character by character; a problem ends the reading and is told in words. */
class PatternReader {
  readonly #characters: readonly string[];
  #at = 0;
  #problem: string | undefined;

  constructor(source: string) {
    this.#characters = Array.from(source);
  }

  read(): Pattern | string {
    const pattern = this.#choice();
    if (this.#problem === undefined && this.#at < this.#characters.length) this.#fail(`unexpected ${this.#peek()}`);
    return this.#problem ?? pattern;
  }

  #peek(): string {
    return this.#problem === undefined ? (this.#characters[this.#at] ?? "") : "";
  }

  #take(text: string): boolean {
    if (this.#peek() !== text) return false;
    this.#at += 1;
    return true;
  }

  #fail(problem: string): undefined {
    this.#problem ??= `the pattern is outside the portable subset: ${problem}`;
  }

  #choice(): Pattern {
    const parts = [this.#sequence()];
    while (this.#take("|")) parts.push(this.#sequence());
    return { kind: "choice", parts };
  }

  #sequence(): Pattern {
    const parts: Pattern[] = [];
    while (this.#peek() !== "" && this.#peek() !== "|" && this.#peek() !== ")")
      parts.push(this.#repeated(this.#atom()));
    return { kind: "sequence", parts };
  }

  #repeated(of: Pattern): Pattern {
    const bounds = this.#quantifier();
    if (bounds === undefined) return of;
    if ("*+?{".includes(this.#peek()) && this.#peek() !== "") this.#fail("a quantifier after a quantifier");
    return { kind: "repeat", of, least: bounds[0], most: bounds[1] };
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    return this.#take("{") ? this.#counted() : undefined;
  }

  #counted(): readonly [number, number] | undefined {
    let text = "";
    while (/[\d,]/.test(this.#peek())) text += this.#characters[this.#at++];
    const [, least = "", comma, most = ""] = /^(\d{1,3})(,)?(\d{1,3})?$/.exec(text) ?? [];
    if (!this.#take("}") || least === "") return this.#fail("a malformed {m,n}");
    const upper = comma === undefined ? Number(least) : most === "" ? Infinity : Number(most);
    return upper < Number(least) ? this.#fail("{m,n} with m > n") : [Number(least), upper];
  }

  #atom(): Pattern {
    if (this.#take("(")) return this.#group();
    if (this.#take("[")) return this.#class();
    if (this.#take(".")) return { kind: "characters", ranges: [[10, 10]], negated: true };
    const code = this.#escapeOr(SPECIAL);
    return { kind: "characters", ranges: [[code, code]], negated: false };
  }

  #group(): Pattern {
    if (this.#take("?") && !this.#take(":")) this.#fail("a group other than (...) and (?:...)");
    const inner = this.#choice();
    if (!this.#take(")")) this.#fail("an open group");
    return inner;
  }

  #class(): Pattern {
    const negated = this.#take("^");
    const ranges: Range[] = [];
    while (this.#peek() !== "" && (this.#peek() !== "]" || ranges.length === 0)) ranges.push(this.#range());
    if (!this.#take("]")) this.#fail("an open class");
    return { kind: "characters", ranges, negated };
  }

  #range(): Range {
    const first = this.#classCharacter();
    if (this.#peek() !== "-" || this.#characters[this.#at + 1] === "]") return [first, first];
    this.#at += 1;
    const last = this.#classCharacter();
    if (last < first) this.#fail("a range that runs backwards");
    return [first, last];
  }

  #classCharacter(): number {
    if (this.#peek() === "-" && this.#characters[this.#at + 1] !== "]") this.#fail("a - that is no range");
    return this.#escapeOr(/[\\[\]^&~|]/);
  }

  /** A character, which has to be escaped if it is special. */
  #escapeOr(special: RegExp): number {
    const escaped = this.#take("\\");
    const character = this.#peek();
    this.#at += 1;
    if (character === "") this.#fail("it ends too early");
    if (!escaped && special.test(character)) this.#fail(`${character} without a backslash`);
    if (escaped && !ESCAPED.test(character) && !(character in CONTROLS)) this.#fail(`\\${character}`);
    return ((escaped ? CONTROLS[character] : undefined) ?? character).codePointAt(0) ?? 0;
  }
}

/** Reads a pattern; answers in words why it is outside the subset. */
export const readPattern = (source: string): Pattern | string => new PatternReader(source).read();
