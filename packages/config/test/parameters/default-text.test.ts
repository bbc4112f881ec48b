import type { JsonValue } from "@lem/domain";
import { parse } from "yaml";
import { expect, it } from "vitest";
import { yamlText } from "../../src/parameters/default-text.ts";

it.each<readonly [JsonValue, string]>([
  [1, "1"],
  [0.5, "0.5"],
  [{ $py: "float", value: "1.0" }, "1.0"],
  [{ $py: "float", value: "inf" }, ".inf"],
  [{ $py: "tuple", value: [1, { $py: "float", value: "2.0" }] }, "[1, 2.0]"],
  ["auto: #", '"auto: #"'],
  [null, "null"],
  [{}, "{}"],
  [{ a: { "b c": [true] } }, '{ "a": { "b c": [true] } }'],
])("%j is %s", (value, text) => {
  expect(yamlText(value)).toBe(text);
  expect(() => parse(text) as unknown).not.toThrow();
});

it("knows what no file can hold", () => {
  expect(yamlText({ $py: "object", value: { class: "x.C", mro: [], attributes: {} } })).toBeUndefined();
  expect(yamlText([{ $py: "bytes", value: "" }])).toBeUndefined();
});
