import { measured, unavailable, type Reading } from "@lem/domain";
import { CHECKED_FROM_S } from "../energy/counter-check.ts";
import type { MeasuredWindow } from "../measurement.ts";

/** The instantaneous power field against the power samples, over all windows that are long enough. */
export function instantRatio(windows: readonly Pick<MeasuredWindow, "energy">[]): Reading {
  const voices = windows.flatMap(({ energy }) =>
    "status" in energy
      ? []
      : energy.flatMap((part) => (part.status === "measured" && part.instant ? [part.instant] : [])),
  );
  const n = voices.reduce((sum, { readings }) => sum + readings, 0);
  if (n === 0)
    return unavailable(
      "too-few-samples",
      `no window of ${CHECKED_FROM_S} s has readings of the instantaneous power field`,
    );
  const value = voices.reduce((sum, { ratio, readings }) => sum + ratio * readings, 0) / n;
  return measured({ value, unit: "ratio", source: "NVML instantaneous power / power samples", n });
}
