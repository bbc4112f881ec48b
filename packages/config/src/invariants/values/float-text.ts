/** A float as Python's `repr` writes it: the shortest digits that read back, an exponent below 1e-4 and from 1e16 on. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0.0";
  const [mantissa = "0", power = "0"] = value.toExponential().split("e");
  const exponent = Number(power);
  if (exponent < -4 || exponent >= 16) {
    const digits = String(Math.abs(exponent)).padStart(2, "0");
    return `${mantissa}e${exponent < 0 ? "-" : "+"}${digits}`;
  }
  const plain = exponent < 0 ? value.toFixed(mantissaDigits(mantissa) - exponent) : plainText(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

/** Digits after the point of the mantissa. */
const mantissaDigits = (mantissa: string): number => mantissa.split(".")[1]?.length ?? 0;

/** JavaScript writes numbers below 1e21 without an exponent, with the same shortest digits. */
const plainText = (value: number): string => String(value);

const FLOAT_TEXT = /^[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|inf|infinity|nan)$/i;

/** Reads what `float(text)` reads, without blanks and underscores; undefined for other texts. */
export function parseFloatText(text: string): number | undefined {
  if (!FLOAT_TEXT.test(text)) return undefined;
  const bare = text.replace(/^[+-]/, "").toLowerCase();
  const sign = text.startsWith("-") ? -1 : 1;
  if (bare.startsWith("n")) return Number.NaN;
  return sign * (bare.startsWith("i") ? Number.POSITIVE_INFINITY : Number(bare));
}
