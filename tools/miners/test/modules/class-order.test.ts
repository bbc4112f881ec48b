import { execFileSync, spawnSync } from "node:child_process";
import { assert, array, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { ClassOrder } from "../../src/modules/class-order.ts";
import { ModuleIndex } from "../../src/modules/module-index.ts";
import { pythonParser } from "../../src/syntax/parse.ts";
import { memoryTree } from "../memory-tree.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const SIZE = 9;

/** Classes C0, C1, ... of which each descends from some before it. */
const source = (bases: readonly (readonly number[])[]): readonly string[] =>
  bases.map((wanted, index) => {
    const named = [...new Set(wanted.map((each) => each % Math.max(1, index)))].filter((each) => each < index);
    return `class C${index}(${named.map((each) => `C${each}`).join(", ")}): pass`;
  });

/** CPython's orders; null for a class that it refuses, which then descends from nothing. */
const SCRIPT = `
import json, sys
for classes in json.load(sys.stdin):
    space, found = {}, []
    for index, text in enumerate(classes):
        try:
            exec(text, space)
            found.append([cls.__name__ for cls in space[f"C{index}"].__mro__ if cls is not object])
        except TypeError:
            exec(f"class C{index}: pass", space)
            found.append(None)
    print(json.dumps(found))
`;

describe("ClassOrder", () => {
  it.skipIf(!hasPython)("is CPython's for random families of classes [needs python3]", async () => {
    const families: string[][] = [];
    const anyFamily = array(array(integer({ min: 0, max: SIZE }), { maxLength: 3 }), {
      minLength: SIZE,
      maxLength: SIZE,
    });
    const collect = property(anyFamily, (bases) => void families.push([...source(bases)]));
    assert(collect, { numRuns: 300, seed: 1 });
    const printed = execFileSync("python3", ["-c", SCRIPT], { input: JSON.stringify(families), encoding: "utf8" });
    const theirs = printed
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as (string[] | null)[]);
    const parser = await pythonParser();
    let compared = 0;
    for (const [number, classes] of families.entries()) {
      const orders = theirs[number] ?? [];
      const legal = classes.map((text, index) => (orders[index] === null ? `class C${index}: pass` : text));
      const index = new ModuleIndex(memoryTree({ "m.py": legal.join("\n") }), parser);
      const order = new ClassOrder(index);
      for (const [at, expected] of orders.entries()) {
        const cls = index.find(`m.C${at}`);
        if (expected === null || cls?.kind !== "class") continue;
        expect(order.of(cls).map((each) => (each.kind === "class" ? each.qualname : each.name))).toEqual(expected);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(1000);
  });
});
