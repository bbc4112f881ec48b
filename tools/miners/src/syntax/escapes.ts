const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|N\{([^}]*)\}|([^]))/g;

/**
 * The value of a string literal's inside. Bytes know neither `\u` nor `\N`; names of `\N{...}` are kept as written,
 * since the table of Unicode names is not here.
 */
export function decodeEscapes(text: string, isBytes: boolean): string {
  if (!text.includes("\\")) return text;
  return text.replaceAll(ESCAPE, (whole: string, ...found: unknown[]) => {
    const [octal, hex, short, long, name, other] = found as (string | undefined)[];
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    const unicode = short ?? long;
    if (unicode !== undefined && !isBytes) return codePoint(unicode, whole);
    if (name !== undefined) return whole;
    return (other === undefined ? undefined : SIMPLE[other]) ?? whole;
  });
}

function codePoint(digits: string, written: string): string {
  const value = Number.parseInt(digits, 16);
  return value <= 0x10_ff_ff ? String.fromCodePoint(value) : written;
}
