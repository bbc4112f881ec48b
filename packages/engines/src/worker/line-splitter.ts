import { isUtf8 } from "node:buffer";
import { LemError } from "@lem/domain";

/** Longest line of the protocol, in bytes; the longest real ones are the token ids of a large workload. */
export const MAX_LINE_BYTES: number = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
const OPENING_BRACE = 0x7b;
const EXCERPT_BYTES = 160;

/**
 * Cuts a byte stream into protocol lines, each byte looked at once and at most one line held. What cannot become a
 * message is refused at its first byte: every line is a JSON object.
 *
 * Throws `worker.protocol` for a line that does not begin with `{`, is not UTF-8 or is too long.
 */
export class LineSplitter {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #held = 0;

  constructor(limit: number = MAX_LINE_BYTES) {
    this.#limit = limit;
  }

  /** Bytes of an unfinished line. */
  get held(): number {
    return this.#held;
  }

  /** Takes the next bytes; gives the lines that they complete, without the newline. */
  *push(chunk: Buffer): Generator<string, void, undefined> {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      this.#hold(chunk.subarray(from, at));
      from = at + 1;
      yield this.#take();
    }
    if (from < chunk.length) this.#hold(chunk.subarray(from));
  }

  #hold(part: Buffer): void {
    if (this.#held === 0 && part[0] !== OPENING_BRACE) throw garbage("a line that is not a JSON object", part);
    this.#parts.push(part);
    this.#held += part.length;
    if (this.#held > this.#limit) throw garbage(`a line of more than ${this.#limit} bytes`, this.#parts[0] ?? part);
  }

  #take(): string {
    const line = this.#parts.length === 1 ? this.#parts[0] : Buffer.concat(this.#parts, this.#held);
    this.#parts = [];
    this.#held = 0;
    if (line === undefined || !isUtf8(line)) throw garbage("a line that is not UTF-8", line ?? Buffer.alloc(0));
    return line.toString("utf8");
  }
}

/** The error for bytes that are not the protocol, with their beginning. */
export function garbage(what: string, bytes: Buffer | string): LemError {
  const excerpt =
    typeof bytes === "string" ? bytes.slice(0, EXCERPT_BYTES) : bytes.subarray(0, EXCERPT_BYTES).toString("utf8");
  return new LemError("worker.protocol", `the engine's process sent ${what}: ${JSON.stringify(excerpt)}`, {
    hint: "something other than lem's worker answers on the protocol's pipe; the log file has the rest",
    context: { excerpt },
  });
}
