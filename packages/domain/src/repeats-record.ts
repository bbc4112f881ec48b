import type { RepeatSummary } from "./statistics/repeats.ts";
import type { Unit } from "./units.ts";

/** One cycle of an experiment. */
export interface CycleRecord {
  readonly cycle: number;
  readonly status: "completed" | "failed" | "interrupted";
  /** Processes that measured it together, each with a result of its own. */
  readonly ranks: number;
  readonly started_at: string;
}

/** A figure over the cycles in which it was available. */
export interface FigureRepeats extends Omit<RepeatSummary, "outliers"> {
  readonly unit: Unit;
  /** Cycle and value, in the order of the cycles. */
  readonly values: readonly (readonly [cycle: number, value: number])[];
  /** Cycles that lie far from the others; every figure counts them. */
  readonly outliers: readonly { readonly cycle: number; readonly value: number; readonly score: number }[];
}

/** What the cycles of an experiment say together; in the aggregate of several raw results only. */
export interface RepeatsRecord {
  readonly cycles: readonly CycleRecord[];
  /** By section and tag: `energy.joules_per_output_token`, `latency.ttft.p50`. */
  readonly figures: Readonly<Record<string, FigureRepeats>>;
}
