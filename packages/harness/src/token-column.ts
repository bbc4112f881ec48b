/** First room for tokens of a request; more is taken by doubling, never beyond what was asked for. */
const FIRST_ROOM = 64;

/** The output of one request in two typed arrays: 4 bytes of id and 8 bytes of time a token, and no object for any. */
export class TokenColumn {
  readonly #limit: number;
  #ids: Int32Array;
  #times: Float64Array;
  #length = 0;
  #timed = 0;

  /** @param limit the most tokens that may arrive */
  constructor(limit: number) {
    this.#limit = limit;
    const room = Math.min(limit, FIRST_ROOM);
    this.#ids = new Int32Array(room);
    this.#times = new Float64Array(room);
  }

  /** Tokens held. */
  get length(): number {
    return this.#length;
  }

  /** Tokens that came with a time. */
  get timed(): number {
    return this.#timed;
  }

  /** Arrival of the last timed token. */
  get lastTime(): number | undefined {
    return this.#timed === 0 ? undefined : this.#times[this.#timed - 1];
  }

  /** Adds tokens with their times, or without any; false, and nothing added, if the limit would be passed. */
  append(ids: readonly number[], times: readonly number[]): boolean {
    const length = this.#length + ids.length;
    if (length > this.#limit) return false;
    this.#reserve(length);
    this.#ids.set(ids, this.#length);
    this.#times.set(times, this.#timed);
    this.#length = length;
    this.#timed += times.length;
    return true;
  }

  /** The columns cut to their length; the room that was not needed is given back. */
  take(): { readonly ids: Int32Array; readonly times: Float64Array } {
    const full = this.#ids.length === this.#length && this.#times.length === this.#timed;
    return full
      ? { ids: this.#ids, times: this.#times }
      : { ids: this.#ids.slice(0, this.#length), times: this.#times.slice(0, this.#timed) };
  }

  #reserve(length: number): void {
    if (length <= this.#ids.length) return;
    const room = Math.min(this.#limit, Math.max(length, 2 * this.#ids.length));
    this.#ids = grown(this.#ids, new Int32Array(room));
    this.#times = grown(this.#times, new Float64Array(room));
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
