import { describe, expect, it } from "vitest";
import { throughputReadings, type WindowWork } from "../../src/metrics/throughput.ts";
import { seconds } from "../../src/units.ts";

const work = (length: number, changes: Partial<WindowWork> = {}): WindowWork => ({
  length_s: seconds(length),
  input_tokens: 100,
  output_tokens: 40,
  completed: 4,
  ...changes,
});

describe("throughput of hand-made windows", () => {
  it("counts output, all tokens and completed requests over the window's length", () => {
    const found = throughputReadings([work(2)]);
    expect(found).toMatchObject({
      output_tokens_per_second: { value: 20, unit: "token/s", n: 1 },
      total_tokens_per_second: { value: 70, unit: "token/s" },
      requests_per_second: { value: 2, unit: "request/s" },
    });
  });

  it("is the mean of the windows' rates, with an interval between them", () => {
    const rate = throughputReadings([work(2), work(4), work(5)]).output_tokens_per_second;
    expect(rate).toMatchObject({
      value: expect.closeTo(38 / 3, 12),
      n: 3,
      interval: { method: "student-t", level: 0.95 },
    });
  });

  it("has no interval from one window", () => {
    expect(throughputReadings([work(2)]).output_tokens_per_second).not.toHaveProperty("interval");
  });

  it("of no window is missing", () => {
    const reasons = Object.values(throughputReadings([]));
    expect(reasons).toEqual(Array(3).fill(expect.objectContaining({ status: "unavailable", reason: "not-completed" })));
  });

  it("of a window without length is missing, never infinite", () => {
    expect(throughputReadings([work(0)]).requests_per_second).toMatchObject({ status: "unavailable" });
  });

  it("of a window in which nothing was made is a measured zero", () => {
    expect(throughputReadings([work(2, { output_tokens: 0 })]).output_tokens_per_second).toMatchObject({
      status: "measured",
      value: 0,
    });
  });
});
