import { createHash } from "node:crypto";

/**
 * How a tensor of a made-up model is filled: `small` has the usual initial standard deviation of 0.02; `wide`, for
 * embeddings, one of 1, so that the next token depends on the last one and not on a mean over the context.
 */
export type Fill = "small" | "wide" | "ones" | "zeros";

/** Which numbers: the stream depends on nothing but these. */
export interface Weights {
  readonly name: string;
  readonly values: number;
  readonly fill: Fill;
  readonly seed: number;
}

/** Half-widths of the uniform distributions: their standard deviations times the square root of 3. */
const HALF_WIDTH: Readonly<Record<Fill, number>> = {
  small: 0.02 * Math.sqrt(3),
  wide: Math.sqrt(3),
  ones: 0,
  zeros: 0,
};
const CHUNK = 1 << 16;

/** Weights as little-endian float32, in chunks: equal on every machine for the same seed and tensor name. */
export function* float32Weights(weights: Weights): Generator<Uint8Array> {
  const next = wordsOf(weights);
  for (const count of chunks(weights.values)) {
    const bytes = new DataView(new ArrayBuffer(count * 4));
    for (let i = 0; i < count; i += 1) bytes.setFloat32(i * 4, filled(weights.fill, next), true);
    yield new Uint8Array(bytes.buffer);
  }
}

/** Random weights as little-endian float16, in chunks, drawn from 65,536 levels; fast enough for gigabytes. */
export function* float16Weights(weights: Weights): Generator<Uint8Array> {
  const next = wordsOf(weights);
  const levels = float16Levels(HALF_WIDTH[weights.fill]);
  for (const count of chunks(weights.values)) {
    const halves = new Uint16Array(count);
    for (let i = 0; i < count; i += 2) {
      const word = next();
      halves[i] = levels[word & 0xffff] ?? 0;
      if (i + 1 < count) halves[i + 1] = levels[word >>> 16] ?? 0;
    }
    yield new Uint8Array(halves.buffer);
  }
}

function* chunks(values: number): Generator<number> {
  for (let left = values; left > 0; left -= CHUNK) yield Math.min(left, CHUNK);
}

function filled(fill: Fill, next: () => number): number {
  if (fill === "ones") return 1;
  return fill === "zeros" ? 0 : (next() / 2 ** 31 - 1) * HALF_WIDTH[fill];
}

/** Xorshift128 (Marsaglia 2003), its state from SHA-256 over seed and name: integers only, so no platform differs. */
function wordsOf({ seed, name }: Weights): () => number {
  const digest = createHash("sha256").update(`${seed}:${name}`).digest();
  let a = digest.readUInt32LE(0) | 1;
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let d = digest.readUInt32LE(12);
  return () => {
    const mixed = a ^ (a << 11);
    a = b;
    b = c;
    c = d;
    d = d ^ (d >>> 19) ^ mixed ^ (mixed >>> 8);
    return d >>> 0;
  };
}

function float16Levels(halfWidth: number): Uint16Array {
  return Uint16Array.from({ length: 1 << 16 }, (_, i) => float16Bits((i / 2 ** 15 - 1) * halfWidth));
}

/** Bits of the float16 below a small number: normal numbers truncated, those under 2^-14 as zero. */
function float16Bits(value: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  const bits = view.getUint32(0);
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  const sign = (bits >>> 16) & 0x8000;
  return exponent <= 0 ? sign : sign | (exponent << 10) | ((bits >>> 13) & 0x3ff);
}
