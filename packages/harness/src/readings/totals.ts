import { measured, type Reading, type WindowRecord } from "@lem/domain";

/** Sums over the measured windows, as readings to divide by. */
export interface WindowTotals {
  readonly length: Reading;
  readonly output_tokens: Reading;
  readonly total_tokens: Reading;
  readonly completed: Reading;
}

/** Adds up the windows. */
export function windowTotals(records: readonly WindowRecord[]): WindowTotals {
  const sum = (count: (record: WindowRecord) => number): number =>
    records.reduce((all, record) => all + count(record), 0);
  const tokens = (value: number): Reading => measured({ value, unit: "token", source: "tokens counted by the engine" });
  return {
    length: measured({ value: sum((record) => record.length_s), unit: "s", source: "CLOCK_MONOTONIC" }),
    output_tokens: tokens(sum((record) => record.output_tokens)),
    total_tokens: tokens(sum((record) => record.input_tokens + record.output_tokens)),
    completed: measured({ value: sum((record) => record.completed), unit: "request", source: "completed requests" }),
  };
}
