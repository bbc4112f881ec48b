import { describe, expect, it } from "vitest";
import { nodeAt, toJson, type Located } from "../../src/yaml/located.ts";
import { parseText, parseValue } from "../../src/yaml/parse.ts";
import { places, present } from "../support/project.ts";

const parse = (text: string): Located => present(parseText(text, { file: "a.yaml" }).value);

describe("parseText", () => {
  it("gives the place of every key and value", () => {
    const value = parse("model: m\nworkload:\n  n: 8\n  prompts: [a, b]\n");
    expect(nodeAt(value, ["workload", "n"])?.mark).toEqual({ file: "a.yaml", line: 3, column: 6 });
    expect(nodeAt(value, ["workload", "prompts", "1"])?.mark).toEqual({ file: "a.yaml", line: 4, column: 16 });
    expect(value.kind === "map" && value.entries.get("workload")?.key).toEqual({ file: "a.yaml", line: 2, column: 1 });
  });

  it("tells integers from floats", () => {
    const value = parse("{a: 1, b: 1.0, c: 1e3, d: 0x10, e: -3, f: 0o17, g: .5}");
    const floats = ["a", "b", "c", "d", "e", "f", "g"].filter((key) => {
      const node = nodeAt(value, [key]);
      return node?.kind === "scalar" && node.float;
    });
    expect(floats).toEqual(["b", "c", "g"]);
  });

  it("reads YAML 1.2 core scalars: yes is a text, 012 is twelve", () => {
    expect(toJson(parse("a: yes\nb: 012\nc: ~\nd: true\ne: 2020-01-01"))).toEqual({
      a: "yes",
      b: 12,
      c: null,
      d: true,
      e: "2020-01-01",
    });
    expect(toJson(parse("%YAML 1.1\n---\na: yes"))).toEqual({ a: "yes" });
  });

  it("reads aliases", () => {
    expect(toJson(parse("a: &x {n: 1}\nb: *x"))).toEqual({ a: { n: 1 }, b: { n: 1 } });
  });

  it.each([
    ["an open list", "a: [1, 2\nb: 3\n", "2:1 config.syntax"],
    ["a mapping in a line", "a: b: c\n", "1:4 config.syntax"],
    ["a tab as indentation", "a:\n\tb: 1\n", "2:1 config.syntax"],
    ["a second document", "a: 1\n---\nb: 2\n", "2:1 config.syntax"],
    ["a tag", "a: 1\nb: !!python/object:os.system x\n", "2:4 config.syntax"],
    ["an alias without anchor", "a: 1\nb: *nothing\n", "2:4 config.syntax b"],
    ["a map as key", "? {a: 1}\n: b\n", "1:3 config.syntax"],
  ])("refuses %s", (_, text, place) => {
    const parsed = parseText(text, { file: "a.yaml" });
    expect(parsed.value).toBeUndefined();
    expect(places(parsed)).toEqual([place]);
  });

  it.each([
    ["", 1],
    ["# only a comment\n", 1],
    ["---\n", 1],
    ["null\n", 1],
    ["\uFEFF", 1],
  ])("takes %j for empty", (text, line) => {
    expect(places(parseText(text, { file: "a.yaml" }))).toEqual([`${line}:1 config.empty`]);
  });

  it("refuses NUL, with the place of it", () => {
    expect(places(parseText("a: 1\nb: \u0000\n", { file: "a.yaml" }))).toEqual(["2:4 config.binary"]);
  });

  it.each([["- a\n- b\n"], ["just a word"], ["42"]])("refuses %j, which is no mapping", (text) => {
    expect(places(parseText(text, { file: "a.yaml" }))).toEqual(["1:1 config.wrong-type"]);
  });

  it("survives any depth of nesting", () => {
    expect(places(parseText("[".repeat(200_000), { file: "a.yaml" }))).toEqual([
      expect.stringContaining("config.syntax"),
    ]);
    expect(parseText(`a: ${"[".repeat(500)}${"]".repeat(500)}`).problems[0]?.code).toBe("config.syntax");
  });

  it("reports one syntax problem a line", () => {
    expect(new Set(places(parseText("a: [\nb: {\nc: ]\n"))).size).toBe(places(parseText("a: [\nb: {\nc: ]\n")).length);
  });
});

describe("parseValue", () => {
  it("reads lone scalars and flow collections", () => {
    const read = (text: string): unknown => toJson(present(parseValue(text).value));
    expect(["1", "x y", "[1, a]", "{k: 1.5}", "'1'"].map(read)).toEqual([1, "x y", [1, "a"], { k: 1.5 }, "1"]);
  });

  it("has no value for an empty text", () => {
    expect(parseValue("")).toEqual({ value: undefined, problems: [] });
  });
});
