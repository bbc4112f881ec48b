import { measured } from "@lem/domain";
import { expect, test } from "vitest";
import { studyTableLines } from "../src/study-table.ts";
import { resultOf } from "./result-of.ts";

const speed = (value: number): ReturnType<typeof measured> =>
  measured({
    value,
    unit: "token/s",
    source: "x",
    interval: { level: 0.95, low: value - 1, high: value + 1, method: "student-t" },
  });

test("a line for each experiment, figures with their doubt; what none has is left out", () => {
  const base = resultOf();
  const fast = { ...base, throughput: { ...base.throughput, output_tokens_per_second: speed(142.1) } };
  const failed = { ...fast, status: "failed" as const };
  const lines = studyTableLines([
    { label: "batch_size=1", result: fast },
    { label: "batch_size=4", result: failed },
  ]);
  expect(lines[0]).toMatch(/^experiment +output/);
  expect(lines[1]).toContain("142.1 tok/s ± 1.0");
  expect(lines[2]).toMatch(/^batch_size=4 +-/);
});
