import type { Unit } from "./units.ts";

/** A confidence interval of a figure, with the method that made it. */
export interface Interval {
  readonly level: 0.95;
  readonly low: number;
  readonly high: number;
  readonly method: "student-t" | "cosine-t" | "bca-bootstrap" | "block-bootstrap" | "order-statistic";
}

/** A bound on the systematic error of a figure (a sensor's gain), kept apart from its repeatability. */
export interface SystematicError {
  /** Half-width relative to the value: 0.05 is ± 5 %. */
  readonly relative: number;
  readonly source: string;
}

/** Why a figure is missing; a closed list, so that programs can branch on it. */
export const UNAVAILABLE_REASONS = [
  "no-sensor",
  "no-permission",
  "not-supported",
  "not-reported-by-engine",
  "too-few-samples",
  "coalesced-stream",
  "not-applicable",
  "not-completed",
  "switched-off",
  "read-failed",
  "unknown-architecture",
] as const;
/** One reason of {@link UNAVAILABLE_REASONS}. */
export type UnavailableReason = (typeof UNAVAILABLE_REASONS)[number];

/** A figure that exists: `measured` by an instrument or clock, or `modelled` by a stated formula. */
export interface AvailableReading {
  readonly status: "measured" | "modelled";
  readonly value: number;
  readonly unit: Unit;
  /** The instrument, clock or formula the value comes from. */
  readonly source: string;
  readonly interval?: Interval;
  readonly systematic?: SystematicError;
  /** How many observations stand behind the value. */
  readonly n?: number;
}

/** A figure that does not exist here. It is never zero and never left out. */
export interface UnavailableReading {
  readonly status: "unavailable";
  readonly reason: UnavailableReason;
  /** One sentence for a person: what is missing and, where possible, what to do. */
  readonly detail: string;
}

/** Every figure of a result. */
export type Reading = AvailableReading | UnavailableReading;

/** What an available reading is made of, besides its status. */
export type ReadingParts = Omit<AvailableReading, "status">;

/** Makes a measured reading. */
export const measured = (parts: ReadingParts): AvailableReading => ({ status: "measured", ...parts });

/** Makes a modelled reading: computed by a formula, not observed. */
export const modelled = (parts: ReadingParts): AvailableReading => ({ status: "modelled", ...parts });

/** Makes an unavailable reading. */
export const unavailable = (reason: UnavailableReason, detail: string): UnavailableReading => ({
  status: "unavailable",
  reason,
  detail,
});

/** True for a reading with a value. */
export const isAvailable = (reading: Reading): reading is AvailableReading => reading.status !== "unavailable";

/**
 * Divides one reading by another. Missing stays missing, a quotient that is no finite number is `not-applicable`, and
 * it is `modelled` as soon as one part is. Systematic errors add up (to first order, and in the worst case); intervals
 * are left out, since only a shared series of observations could give the quotient's.
 */
export function ratioOf(top: Reading, bottom: Reading, as: { readonly unit: Unit; readonly source: string }): Reading {
  if (!isAvailable(top)) return top;
  if (!isAvailable(bottom)) return bottom;
  const value = top.value / bottom.value;
  if (!Number.isFinite(value))
    return unavailable("not-applicable", `${as.source}: ${top.value} / ${bottom.value} is no figure`);
  const systematic = sumOfSystematic(top.systematic, bottom.systematic);
  const parts = { value, ...as, ...(systematic === undefined ? {} : { systematic }) };
  return top.status === "modelled" || bottom.status === "modelled" ? modelled(parts) : measured(parts);
}

function sumOfSystematic(a: SystematicError | undefined, b: SystematicError | undefined): SystematicError | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { relative: a.relative + b.relative, source: `${a.source}; ${b.source}` };
}
