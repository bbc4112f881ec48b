import { expect, it } from "vitest";
import type { ReviewedCorpus, ReviewedRule } from "../../src/emit/corpus-file.ts";
import { mergedEntries } from "../../src/emit/merge-profiles.ts";

type ReviewedEntry = ReviewedCorpus["entries"][string];

const rule = (id: string, firing = 30): ReviewedRule => ({
  id,
  severity: "error",
  fields: ["a"],
  when: { lt: [{ f: "a" }, 0] },
  exception: null,
  added_by: "static_walk",
  source: { path: "x.py", qualname: "C", line: 1, sha: "" },
  evidence: { firing, silent: 30, atoms: 1, seed: 1 },
  semantic_id: id,
  site_key: "k",
  partial: false,
});

const entry = (more: Partial<ReviewedEntry>): ReviewedEntry => ({
  defaults: { a: 1 },
  required: [],
  unknown_keys: "reject",
  effective: {},
  rules: [],
  ...more,
});

const merge = (cpu: Record<string, ReviewedEntry>, cuda: Record<string, ReviewedEntry>) =>
  mergedEntries([
    { profile: "cpu", found: cpu },
    { profile: "cuda-sm90", found: cuda },
  ]);

it("tells of a rule where it holds, unless it holds everywhere", () => {
  const { C } = merge(
    { C: entry({ rules: [rule("x.a-1"), rule("x.c-3")] }) },
    { C: entry({ rules: [rule("x.a-1", 99), rule("x.b-2")] }) },
  );
  expect(C?.rules.map(({ id, profiles, evidence }) => [id, profiles, evidence?.firing])).toEqual([
    ["x.a-1", undefined, 30],
    ["x.b-2", ["cuda-sm90"], 30],
    ["x.c-3", ["cpu"], 30],
  ]);
  expect(C).not.toHaveProperty("varies");
});

it("tells how defaults and effective values differ, and which are not known", () => {
  const { C } = merge(
    { C: entry({ defaults: { a: 1, b: 2 }, effective: { a: { f: "a" }, b: { f: "a" } } }) },
    { C: entry({ defaults: { a: 1, b: 3 }, effective: { a: { f: "a" }, c: 1 } }) },
  );
  expect(C?.varies).toEqual({ "cuda-sm90": { defaults: { b: 3 }, effective: { b: null, c: 1 } } });
});

it("keeps a class that only one of the machines has", () => {
  const { C, D } = merge({ C: entry({ rules: [rule("x.a-1")] }) }, { D: entry({ rules: [rule("y.a-1")] }) });
  expect(C?.rules[0]?.profiles).toEqual(["cpu"]);
  expect(D?.rules[0]?.profiles).toEqual(["cuda-sm90"]);
});

it("leaves the classes of a single profile as they are", () => {
  const found = { C: entry({ rules: [rule("x.b-1"), rule("x.c-1")] }) };
  expect(mergedEntries([{ profile: "cpu", found }])).toEqual(found);
});

it("holds what types state for machines on which the class was not mined, and nothing that reads the machine", () => {
  const typed = { ...rule("x.a-1"), added_by: "pydantic_lift" } as const;
  const ofMachine = { ...typed, id: "x.b-2", when: { lt: [{ f: "a" }, { fact: "cores" }] } };
  const { C } = merge({ C: entry({ rules: [typed, ofMachine, rule("x.c-3")] }) }, {});
  expect(C?.rules.map(({ id, profiles }) => [id, profiles])).toEqual([
    ["x.a-1", undefined],
    ["x.b-2", ["cpu"]],
    ["x.c-3", ["cpu"]],
  ]);
  const mined = merge({ C: entry({ rules: [typed] }) }, { C: entry({}) });
  expect(mined["C"]?.rules.map(({ profiles }) => profiles)).toEqual([["cpu"]]);
});
