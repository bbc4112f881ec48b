import { float } from "@lem/config/invariants";
import { describe, expect, it } from "vitest";
import { around } from "../../src/prove/sample-values.ts";

describe("values around one that a condition compares with", () => {
  it("are exact whole numbers also beyond what a double counts singly", () => {
    const tried = around(float(2 ** 63));
    expect(tried).toContain(2n ** 63n - 1n);
    expect(tried.filter((value) => typeof value === "number" && !Number.isSafeInteger(value))).toEqual([]);
    expect(around(Number.MAX_SAFE_INTEGER)).toContain(2n ** 53n);
  });

  it("of a small number are its neighbours, floats beside it and its double", () => {
    expect(around(8)).toEqual([8, 7, 9, float(8), float(8.5), 16]);
  });
});
