const MARK = "[redacted]";

/** A filter for one byte stream. */
export interface StreamRedactor {
  /** What can be passed on; a beginning of a secret is held back until the next bytes show what it is. */
  push(chunk: Buffer): Buffer;
  /** What was held back. */
  end(): Buffer;
}

/** Replaces secrets in texts, in values and in byte streams. */
export class Redactor {
  readonly #secrets: readonly string[];

  /** Empty secrets are ignored. */
  constructor(secrets: readonly string[]) {
    this.#secrets = secrets.filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length);
  }

  /** The text without the secrets. */
  text(text: string): string {
    return replaceEach(text, this.#secrets);
  }

  /** The value with every string in it redacted. */
  value<T>(value: T): T {
    if (this.#secrets.length === 0) return value;
    if (typeof value === "string") return this.text(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.value(item as unknown)) as T;
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.value(item as unknown)])) as T;
  }

  /** A new filter. Bytes are compared as latin1, which keeps them whatever they are. */
  stream(): StreamRedactor {
    if (this.#secrets.length === 0) return { push: (chunk) => chunk, end: () => Buffer.alloc(0) };
    const secrets = this.#secrets.map((secret) => Buffer.from(secret).toString("latin1"));
    let held = "";
    return {
      push: (chunk) => {
        const text = replaceEach(held + chunk.toString("latin1"), secrets);
        const cut = text.length - Math.max(...secrets.map((secret) => overlap(text, secret)));
        held = text.slice(cut);
        return Buffer.from(text.slice(0, cut), "latin1");
      },
      end: () => Buffer.from(held, "latin1"),
    };
  }
}

const replaceEach = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((result, secret) => result.replaceAll(secret, MARK), text);

/** Length of the longest end of `text` that begins `secret`. */
function overlap(text: string, secret: string): number {
  let length = Math.min(text.length, secret.length - 1);
  while (length > 0 && !text.endsWith(secret.slice(0, length))) length -= 1;
  return length;
}
