/** When an idle machine is measured: without the engine, and with its model loaded, before and after the work. */
export const BASELINE_KINDS = ["bare-before", "loaded-before", "loaded-after", "bare-after"] as const;
/** One of {@link BASELINE_KINDS}. */
export type BaselineKind = (typeof BASELINE_KINDS)[number];

/** A stretch of idleness on CLOCK_MONOTONIC. */
export interface IdleSpan {
  readonly kind: BaselineKind;
  readonly from_ns: number;
  readonly to_ns: number;
}
