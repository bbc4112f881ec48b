import { sha256 } from "@lem/domain";

/** The text of a Python file, or why it cannot be read as text. */
export type Decoded = { readonly text: string } | { readonly trouble: string };

const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/;

/** Reads a file as Python does (PEP 263): UTF-8 unless one of its first two lines names another encoding. */
export function decodeSource(bytes: Uint8Array): Decoded {
  const head = Buffer.from(bytes.subarray(0, 400))
    .toString("latin1")
    .split(/\r\n?|\n/, 2);
  const named = head.map((line) => COOKIE.exec(line)?.[1]).find((name) => name !== undefined);
  try {
    const text = new TextDecoder(labelOf(named), { fatal: true }).decode(bytes);
    return { text: text.replaceAll(/\r\n?/g, "\n") };
  } catch {
    return { trouble: `not readable as ${named ?? "utf-8"} (${sha256(bytes).slice(0, 12)})` };
  }
}

const labelOf = (named = "utf-8"): string =>
  /^(latin|l1|iso8859)/i.test(named.replaceAll(/[-_]/g, "")) ? "latin1" : named.replaceAll("_", "-");
