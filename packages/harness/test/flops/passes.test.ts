import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sumOfVisible } from "../../src/flops/passes.ts";
import { RUNS } from "./arbitraries.ts";

const length = fc.integer({ min: 1, max: 60 });

describe("visible keys over a range of lengths", () => {
  it("are the sum of min(length, window)", () => {
    fc.assert(
      fc.property(length, length, fc.option(length, { nil: null }), (from, to, window) => {
        let sum = 0;
        for (let at = from; at <= to; at++) sum += Math.min(at, window ?? at);
        expect(sumOfVisible(from, to, window)).toBe(sum);
      }),
      RUNS,
    );
  });

  it("need no loop over a long context", () => {
    expect(sumOfVisible(1, 10_000_000, null)).toBe(50_000_005_000_000);
    expect(sumOfVisible(1, 10_000_000, 4096)).toBe(40_951_613_440);
  });
});
