import { describe, expect, it } from "vitest";
import { leavesOf, markAt, nodeAt, stringAt, type MapNode } from "../../src/yaml/located.ts";
import { parseText } from "../../src/yaml/parse.ts";
import { present } from "../support/project.ts";

const root: MapNode = present(
  parseText("workload:\n  n: 8\n  lengths: {}\n  list: [1, {a: 2}]\n", { file: "a.yaml" }).value,
);

describe("located values", () => {
  it("are found by path, through lists too", () => {
    expect(nodeAt(root, ["workload", "list", "1", "a"])).toMatchObject({ value: 2 });
    expect(nodeAt(root, ["workload", "n", "deeper"])).toBeUndefined();
    expect(stringAt(root, ["workload", "n"])).toBeUndefined();
  });

  it("have marks of key and value; an absent path has that of what would hold it", () => {
    expect(markAt(root, ["workload", "n"], "key")).toEqual({ file: "a.yaml", line: 2, column: 3 });
    expect(markAt(root, ["workload", "n"], "value")).toEqual({ file: "a.yaml", line: 2, column: 6 });
    expect(markAt(root, ["workload", "missing", "deep"], "value")).toEqual(markAt(root, ["workload"], "value"));
  });

  it("have lists and empty maps as leaves", () => {
    expect(leavesOf(root).map(({ path }) => path.join("."))).toEqual([
      "workload.n",
      "workload.lengths",
      "workload.list",
    ]);
  });
});
