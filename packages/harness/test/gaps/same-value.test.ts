import type { JsonValue } from "@lem/domain";
import { expect, test } from "vitest";
import { isSameValue } from "../../src/gaps/same-value.ts";

const py = (type: string, value: JsonValue): JsonValue => ({ $py: type, value });

test.each<[JsonValue, JsonValue]>([
  [1, 1],
  [py("float", "1.0"), 1],
  [py("float", "nan"), py("float", "nan")],
  [py("float", "-inf"), py("float", "-inf")],
  [py("int", "18446744073709551616"), 2 ** 64],
  [true, 1],
  ["float16", "torch.float16"],
  ["torch.float16", "float16"],
  [py("tuple", [1, 2]), [1, 2]],
  [py("set", [2, 1]), [1, 2]],
  [{ a: 1 }, { a: 1, b: null }],
  [py("dict", [[1, "x"]]), { "1": "x" }],
  [null, null],
])("%j is what is held as %j", (given, reported) => {
  expect(isSameValue(given, reported)).toBe(true);
});

test.each<[JsonValue, JsonValue]>([
  [1, 2],
  ["1", 1],
  [
    [1, 2],
    [2, 1],
  ],
  [[1], [1, 1]],
  [py("set", [1]), [1, 2]],
  [{ a: 1 }, { b: 1 }],
  [1, null],
  [null, 1],
  ["a", ["a"]],
  [true, "true"],
])("%j is not what is held as %j", (given, reported) => {
  expect(isSameValue(given, reported)).toBe(false);
});
