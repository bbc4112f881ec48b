import { isAvailable, type AvailableReading, type Reading } from "@lem/domain";

/** Smaller numbers are written as powers of ten: a figure that exists is never shown as zero. */
const MOST_DECIMALS = 6;

/** A number with as many digits as its interval supports, or three significant ones without an interval. */
export function formatNumber(value: number, halfWidth?: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (value === 0) return "0";
  const magnitude = Math.floor(Math.log10(Math.abs(value)));
  const wanted = halfWidth === undefined || halfWidth <= 0 ? 2 - magnitude : 1 - Math.floor(Math.log10(halfWidth));
  if (wanted > MOST_DECIMALS && magnitude < 0) return value.toExponential(Math.max(0, Math.min(6, wanted + magnitude)));
  const decimals = Math.min(MOST_DECIMALS, Math.max(0, wanted));
  return value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

interface Scale {
  readonly factor: number;
  readonly unit: string;
}

const BINARY = ["B", "KiB", "MiB", "GiB", "TiB"].map((unit, power) => ({ factor: 1024 ** power, unit }));
const decimalScales = (unit: string, prefixes: readonly string[]): readonly Scale[] =>
  prefixes.map((prefix, power) => ({ factor: 1000 ** power, unit: `${prefix}${unit}` }));
const FLOP_PREFIXES = ["", "k", "M", "G", "T", "P", "E"];

const SCALES: Readonly<Record<string, readonly Scale[]>> = {
  B: BINARY,
  FLOP: decimalScales("FLOP", FLOP_PREFIXES),
  "FLOP/s": decimalScales("FLOP/s", FLOP_PREFIXES),
  "FLOP/token": decimalScales("FLOP/token", FLOP_PREFIXES),
  ms: [
    { factor: 1, unit: "ms" },
    { factor: 1000, unit: "s" },
  ],
  ratio: [{ factor: 0.01, unit: "%" }],
};

const SHORT_UNITS: Readonly<Record<string, string>> = {
  "token/s": "tok/s",
  "request/s": "requests/s",
  "token/J": "tok/J",
};

function scaleOf(reading: AvailableReading): Scale {
  const scales = SCALES[reading.unit] ?? [{ factor: 1, unit: SHORT_UNITS[reading.unit] ?? reading.unit }];
  return scales.findLast((scale) => Math.abs(reading.value) >= scale.factor) ?? (scales[0] as Scale);
}

/** `142.1 tok/s`: value and unit of a reading, scaled for people; `-` when it is unavailable. */
export function formatReading(reading: Reading): string {
  if (!isAvailable(reading)) return "-";
  const { factor, unit } = scaleOf(reading);
  const halfWidth = reading.interval === undefined ? undefined : (reading.interval.high - reading.interval.low) / 2;
  return `${formatNumber(reading.value / factor, halfWidth === undefined ? undefined : halfWidth / factor)} ${unit}`;
}

/** A side of an interval may differ this much from half of its length, relative, before it is written on its own. */
const LOPSIDED = 0.1;

/** ` ± 1.2`, or ` −0.8 +1.6` where the value is not in the middle: a reading's interval in its own unit, or nothing. */
export function formatInterval(reading: Reading): string {
  if (!isAvailable(reading) || reading.interval === undefined) return "";
  const { factor } = scaleOf(reading);
  const { low, high } = reading.interval;
  const half = (high - low) / 2 / factor;
  if (half === 0) return " ± 0";
  const [below, above] = [(reading.value - low) / factor, (high - reading.value) / factor];
  if (Math.abs(above - half) <= LOPSIDED * half) return ` ± ${formatNumber(half, half)}`;
  return ` ${signed(-below, half)} ${signed(above, half)}`;
}

const signed = (value: number, half: number): string => (value < 0 ? "−" : "+") + formatNumber(Math.abs(value), half);
