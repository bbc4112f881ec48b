import { expect, it } from "vitest";
import { nearest, suggestion } from "../src/suggest.ts";

it.each([
  ["outptu_tokens", "output_tokens"],
  ["Engine", "engine"],
  ["transformer", "transformers"],
  ["trans", "transformers"],
  ["zzz", undefined],
])("the nearest to %s is %s", (word, expected) => {
  expect(nearest(word, ["engine", "output_tokens", "transformers"])).toBe(expected);
});

it("a word that is near nothing gets the list, when that is short", () => {
  expect(suggestion("zzz", ["a1", "b2"])).toBe("choose one of a1, b2");
  expect(
    suggestion(
      "zzz",
      Array.from({ length: 30 }, (_, index) => `name${index}`),
    ),
  ).toBeUndefined();
  expect(suggestion("zzz", [])).toBeUndefined();
});
