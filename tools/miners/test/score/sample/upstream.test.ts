import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { list } from "@lem/config/invariants";
import { afterAll, expect, it } from "vitest";
import { upstreamSamples, writtenCalls } from "../../../src/score/sample/upstream.ts";
import { pythonParser } from "../../../src/syntax/parse.ts";

const FOLDER = mkdtempSync(join(tmpdir(), "written-"));
afterAll(() => rmSync(FOLDER, { recursive: true }));

const TESTS = `
from toy import Settings, Other

LIMIT = 4

def test_it(self):
    with self.assertRaises(ValueError):
        Settings(size=-1, names=["a", None], share=LIMIT)
    toy.Settings(size=-1, names=["a", None])
    for size in (1, 2):
        Settings(size=size)
    Unknown(size=3)
    return Settings(ratio=-0.5, table={"a": (1, True), 2: {3}}), Settings(**{"size": 9})
`;

it("reads what calls give as literals, each once", async () => {
  writeFileSync(join(FOLDER, "test_it.py"), TESTS);
  writeFileSync(join(FOLDER, "broken.py"), "Settings(size=");
  const calls = writtenCalls(FOLDER, ["toy.Settings", "toy.Other"], await pythonParser());
  expect(calls.map(({ entry }) => entry)).toEqual(["toy.Settings", "toy.Settings"]);
  expect(calls[0]?.given).toEqual(
    new Map<string, unknown>([
      ["size", -1],
      ["names", list(["a", null])],
    ]),
  );
  const size = {
    name: "size",
    type: { kind: "int" },
    required: false,
    default: 1,
    hints: [],
    names: [],
    nested: [],
  } as const;
  const samples = upstreamSamples({ entry: "toy.Settings", fields: [size] }, calls, 3);
  const [first, ...others] = samples.filter(({ stratum }) => stratum === "written");
  expect(first?.keywords).toEqual({ size: -1, names: ["a", null] });
  expect(others[0]?.keywords).toEqual({
    ratio: { $py: "float", value: "-0.5" },
    table: {
      $py: "dict",
      value: [
        ["a", { $py: "tuple", value: [1, true] }],
        [2, { $py: "set", value: [3] }],
      ],
    },
  });
  const changed = samples.filter(({ stratum, keywords }) => stratum === "changed" && keywords["size"] !== -1);
  expect(changed.length).toBeGreaterThan(3);
  expect(upstreamSamples({ entry: "toy.Other", fields: [size] }, calls, 3)).toEqual([]);
});
