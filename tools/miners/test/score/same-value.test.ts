import { describe, expect, it } from "vitest";
import { isSameValue } from "../../src/score/same-value.ts";

const set = (...value: unknown[]): unknown => ({ $py: "set", value });

describe("two tagged values", () => {
  it.each([
    [1, 1, true],
    [1, true, false],
    [1, { $py: "float", value: "1.0" }, false],
    [{ $py: "float", value: "nan" }, { $py: "float", value: "nan" }, true],
    [{ $py: "float", value: "1e-05" }, { $py: "float", value: "0.00001" }, true],
    [{ $py: "float", value: "-0.0" }, { $py: "float", value: "0.0" }, true],
    [{ $py: "float", value: "inf" }, { $py: "float", value: "-inf" }, false],
    [set(1, "a"), set("a", 1), true],
    [set(1), { $py: "frozenset", value: [1] }, false],
    [{ $py: "tuple", value: [1, 2] }, { $py: "tuple", value: [2, 1] }, false],
    [[1, 2], [1, 2], true],
    [[1, 2], { $py: "tuple", value: [1, 2] }, false],
    [{ a: 1, b: [null] }, { b: [null], a: 1 }, true],
    [
      {
        $py: "dict",
        value: [
          [1, "x"],
          [2, "y"],
        ],
      },
      {
        $py: "dict",
        value: [
          [2, "y"],
          [1, "x"],
        ],
      },
      true,
    ],
    [{ a: 1 }, {}, false],
    [null, "null", false],
  ])("%j and %j are the same: %s", (a, b, same) => {
    expect(isSameValue(a, b)).toBe(same);
  });
});
