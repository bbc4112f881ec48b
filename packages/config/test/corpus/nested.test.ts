import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { CorpusEntry } from "../../src/corpus/corpus.ts";
import { check, places } from "../support/project.ts";
import { rule, rulesOf, said } from "./support.ts";

const entry = (rules: CorpusEntry["rules"], more: Partial<CorpusEntry> = {}): CorpusEntry => ({
  defaults: { a: 1 },
  required: [],
  unknown_keys: "reject",
  rules,
  effective: {},
  ...more,
});
const OUTER = entry([rule("x.Outer.b.error-1", "error", { eq: [{ f: "b" }, 3] }, ["b"])], {
  defaults: { b: 1, inner: null, either: null, open: null },
  required: [],
  supplied: ["model"],
  unstated: ["hazy"],
  nested: { inner: ["x.Inner"], either: ["x.Inner", "x.Other"], open: ["x.Inner", "x.Unheard"] },
});
const INNER = entry([
  rule("x.Inner.a.error-1", "error", { gt: [{ f: "a" }, 5] }),
  rule("x.Inner.a.warn-1", "warn", { eq: [{ f: "a" }, 4] }),
]);
const OTHER = entry([], { defaults: {}, required: ["must"] });
const entries = { "x.Outer": OUTER, "x.Inner": INNER, "x.Other": OTHER };
const rules = rulesOf({}, { entries });
const judge = (set: object): string => said(rules.evaluate({ entry: "x.Outer", set: { ...set } }));

describe("a dict in the place of an object", () => {
  it.each([
    [{ inner: { a: 1 } }, "ok"],
    [{ inner: {} }, "ok"],
    [{ inner: { a: 6 } }, "error error-1:error"],
    [{ inner: { a: 4 } }, "ok"],
    [{ inner: { x: 1 } }, "error unknown-key:error"],
    [{ inner: null }, "ok"],
    [{ inner: 7 }, "ok"],
    [{ inner: { $py: "dict", value: [[1, 2]] } }, "ok"],
    [{ either: { a: 6 } }, "error error-1:error"],
    [{ either: { a: 1 } }, "ok"],
    [{ either: { must: 1 } }, "ok"],
    [{ either: { a: 6, must: 1 } }, "error unknown-key:error"],
    [{ open: { a: 6 } }, "ok"],
    [{ b: 3, inner: { a: 6 } }, "error error-1:error error-1:error"],
  ])("%j is %s", (set, expected) => {
    expect(judge(set)).toBe(expected);
  });

  it("blames the field that it stands in", () => {
    const { rules: fired } = rules.evaluate({ entry: "x.Outer", set: { inner: { a: 6 } } });
    expect(fired).toEqual([{ id: "x.Inner.a.error-1", severity: "error", fields: ["inner"] }]);
  });

  it("may have keywords that come from elsewhere or have no known default, and needs none of them", () => {
    expect(judge({ model: "m" })).toBe("ok");
    expect(judge({ hazy: 1 })).toBe("ok");
    expect(judge({ modell: "m" })).toBe("error unknown-key:error");
  });

  it("is told in a file at the key that is wrong", async () => {
    const root = mkdtempSync(join(tmpdir(), "lem-nested-"));
    onTestFinished(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, "vllm/1.0"), { recursive: true });
    const { corpus } = rulesOf({}, { entries, sections: { engine: "x.Outer" } });
    writeFileSync(join(root, "vllm/1.0/invariants.json"), JSON.stringify(corpus));
    const text = "engine: vllm\nvllm:\n  engine:\n    b: 1\n    inner: {a: 6}\n    either: {b: 1}\n";
    const outcome = await check(text, { corporaRoot: root, engineVersion: "1.0" });
    expect(places(outcome).filter((place) => !place.includes("corpus-missing"))).toEqual([
      "5:16 config.invariant vllm.engine.inner.a",
      "6:14 config.unknown-key vllm.engine.either.b",
    ]);
    expect(outcome.problems[0]?.message).toBe("vllm refuses a 6: it must be at most 5");
  });
});
