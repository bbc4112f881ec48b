import { expect, test } from "vitest";
import { tableLines } from "../src/table.ts";

test("columns align, numbers to the right, and no line ends in spaces", () => {
  const lines = tableLines(
    ["name", "n", ""],
    [
      ["a", "10", "x"],
      ["long name", "9", ""],
    ],
  );
  expect(lines).toEqual(["name        n", "a          10  x", "long name   9"]);
});
