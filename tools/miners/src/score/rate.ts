import { normalQuantile } from "@lem/domain";

/** A share with its 95 % Wilson interval; `value` is null where nothing was counted. */
export interface Rate {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
  readonly of: number;
}

const Z = normalQuantile(0.975);

/** Wilson's score interval of a share (Wilson 1927): honest near 0 and 1, where the usual one is not. */
export function rate(hits: number, of: number): Rate {
  if (of === 0) return { value: null, low: 0, high: 1, of };
  const share = hits / of;
  const scale = 1 + Z ** 2 / of;
  const centre = (share + Z ** 2 / (2 * of)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2));
  return { value: round(share), low: round(Math.max(0, centre - half)), high: round(Math.min(1, centre + half)), of };
}

const round = (value: number): number => Number(value.toFixed(6));
