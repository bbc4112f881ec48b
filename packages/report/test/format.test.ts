import { measured, unavailable } from "@lem/domain";
import { expect, test } from "vitest";
import { formatInterval, formatNumber, formatReading } from "../src/format.ts";

const interval = (low: number, high: number) => ({ level: 0.95, low, high, method: "student-t" }) as const;

test.each([
  [142.134, 1.23, "142.1"],
  [142.134, undefined, "142"],
  [0.08523, 0.0004, "0.08523"],
  [35_912, 250, "35,912"],
  [0, 1, "0"],
  [-3.456, undefined, "-3.46"],
  [4.77e-9, undefined, "4.77e-9"],
  [0.0000123, 0.0000004, "1.230e-5"],
])("%d with half-width %s is written %s: as many digits as the interval supports", (value, half, text) => {
  expect(formatNumber(value, half)).toBe(text);
});

test("units are scaled for people", () => {
  expect(formatReading(measured({ value: 432_013_312, unit: "B", source: "x" }))).toBe("412 MiB");
  expect(formatReading(measured({ value: 3.59e10, unit: "FLOP", source: "x" }))).toBe("35.9 GFLOP");
  expect(formatReading(measured({ value: 1234, unit: "ms", source: "x" }))).toBe("1.23 s");
  expect(formatReading(measured({ value: 0.421, unit: "ratio", source: "x" }))).toBe("42.1 %");
});

test("the interval is shown in the same scale as the value", () => {
  const reading = measured({ value: 2000, unit: "ms", source: "x", interval: interval(1900, 2100) });
  expect(formatReading(reading) + formatInterval(reading)).toBe("2.00 s ± 0.10");
});

test("an interval that is not around its value is written by its two sides", () => {
  const lopsided = measured({ value: 100, unit: "token/s", source: "x", interval: interval(99, 105) });
  expect(formatReading(lopsided) + formatInterval(lopsided)).toBe("100.0 tok/s −1.0 +5.0");
});

test("an unavailable reading is never a number", () => {
  expect(formatReading(unavailable("no-sensor", "none"))).toBe("-");
});
