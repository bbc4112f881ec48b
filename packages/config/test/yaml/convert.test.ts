import { describe, expect, it } from "vitest";
import { toJson } from "../../src/yaml/located.ts";
import { parseText } from "../../src/yaml/parse.ts";
import { places } from "../support/project.ts";

describe("convertDocument", () => {
  it("names each key that is written twice, at its second place", () => {
    const text = "a: 1\nworkload:\n  n: 1\n  n: 2\na: 3\n";
    const parsed = parseText(text, { file: "a.yaml" });
    expect(places(parsed).toSorted()).toEqual(["4:3 config.duplicate-key workload.n", "5:1 config.duplicate-key a"]);
    expect(parsed.value && toJson(parsed.value)).toEqual({ a: 1, workload: { n: 1 } });
  });

  it("takes 1 and '1' for the same key", () => {
    expect(places(parseText("1: a\n'1': b\n"))).toEqual(["2:1 config.duplicate-key 1"]);
  });

  it("stops aliases that multiply", () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(", ")}]`,
    );
    const bomb = ["l0: &l0 [x, x, x, x, x, x, x, x, x]", ...levels].join("\n");
    expect(places(parseText(bomb)).map((place) => place.split(" ")[1])).toEqual(["config.alias-bomb"]);
  });

  it("stops an alias that contains itself", () => {
    expect(places(parseText("a: &a [1, *a]\n"))).toEqual(["1:11 config.alias-bomb a.1"]);
  });

  it("does not take a large file without aliases for a bomb", () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => `k${row}: ${row}`).join("\n");
    expect(parseText(rows).problems).toEqual([]);
  });

  it.each([[".inf"], ["-.inf"], [".nan"], ["12345678901234567890"]])("refuses %s, which JSON cannot hold", (number) => {
    expect(places(parseText(`a: ${number}\n`))).toEqual(["1:4 config.out-of-range a"]);
  });

  it("keeps __proto__ a plain key", () => {
    const { value } = parseText("__proto__: {polluted: true}\n");
    expect(Object.keys(value === undefined ? {} : (toJson(value) as object))).toEqual(["__proto__"]);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
