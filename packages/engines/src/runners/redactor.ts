const MARK = "[redacted]";

/** A filter for one byte stream. */
export interface StreamRedactor {
  /** What can be passed on; a beginning of a secret is held back until the next bytes show what it is. */
  push(chunk: Buffer): Buffer;
  /** What was held back. */
  end(): Buffer;
}

/** Replaces secrets in texts, in values and in byte streams: the leftmost first, there the longest. */
export class Redactor {
  readonly #secrets: readonly string[];

  /** Empty secrets are ignored. */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length);
  }

  /** The text without the secrets. */
  text(text: string): string {
    return this.#secrets.length === 0 ? text : text.replaceAll(patternOf(this.#secrets), MARK);
  }

  /** The value with every string in it redacted, keys too. */
  value<T>(value: T): T {
    if (this.#secrets.length === 0) return value;
    if (typeof value === "string") return this.text(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.value(item as unknown)) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [this.text(key), this.value(item as unknown)]),
    ) as T;
  }

  /** A new filter. Bytes are compared as latin1, which keeps them whatever they are. */
  stream(): StreamRedactor {
    if (this.#secrets.length === 0) return { push: (chunk) => chunk, end: () => Buffer.alloc(0) };
    const secrets = this.#secrets.map((secret) => Buffer.from(secret).toString("latin1"));
    let held = "";
    return {
      push: (chunk) => {
        const [passed, rest] = settled(held + chunk.toString("latin1"), secrets);
        held = rest;
        return Buffer.from(passed, "latin1");
      },
      end: () => Buffer.from(held.replaceAll(patternOf(secrets), MARK), "latin1"),
    };
  }
}

const patternOf = (secrets: readonly string[]): RegExp =>
  new RegExp(secrets.map((secret) => secret.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&")).join("|"), "g");

/** What no further text can change, secrets replaced, and the rest, which may become a secret, or a longer one. */
function settled(text: string, secrets: readonly string[]): [passed: string, rest: string] {
  const pattern = patternOf(secrets);
  let passed = "";
  for (let at = 0; ;) {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    const open = openEnd(text, at, secrets);
    if (found === null || open <= found.index) return [passed + text.slice(at, open), text.slice(open)];
    passed += text.slice(at, found.index) + MARK;
    at = pattern.lastIndex;
  }
}

/** The first place from `from` on at which the rest of `text` begins a longer secret; its length if there is none. */
function openEnd(text: string, from: number, secrets: readonly string[]): number {
  const longest = Math.max(...secrets.map((secret) => secret.length));
  let at = Math.max(from, text.length - longest + 1);
  while (at < text.length && !secrets.some((secret) => begins(secret, text.slice(at)))) at += 1;
  return at;
}

const begins = (secret: string, part: string): boolean => secret.length > part.length && secret.startsWith(part);
