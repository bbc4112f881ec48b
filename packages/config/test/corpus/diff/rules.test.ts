import { expect, it } from "vitest";
import type { Corpus, CorpusRule } from "../../../src/corpus/corpus.ts";
import { diffRules, type PlacedRule } from "../../../src/corpus/diff/index.ts";
import { rule } from "../support.ts";

const corpus = (entries: Readonly<Record<string, readonly CorpusRule[]>>): Corpus => ({
  schema_version: 1,
  engine: "vllm",
  engine_version: "1.0",
  source_sha256: "",
  validated_sha256: "",
  profiles: {},
  domains: {},
  sections: {},
  entries: Object.fromEntries(
    Object.entries(entries).map(([name, rules]) => [
      name,
      { defaults: {}, required: [], unknown_keys: "reject", effective: {}, rules },
    ]),
  ),
});

const at = (qualname: string, line: number, of: CorpusRule): CorpusRule => ({
  ...of,
  source: { ...of.source, qualname, line },
});
const below = (limit: number): object => ({ lt: [{ f: "a" }, limit] });
const ids = (placed: readonly PlacedRule[]): readonly string[] => placed.map((each) => each.rule.id);

it("finds equal rules by their ids, wherever their lines are", () => {
  const of = rule("x.C.a.error-1", "error", below(0));
  const diff = diffRules(corpus({ "x.C": [of] }), corpus({ "x.C": [at("C.other", 99, of)] }));
  expect(diff).toEqual({ same: 1, added: [], removed: [], changed: [], moved: [] });
});

it("takes another condition at the same place for a change, in the order of lines", () => {
  const older = [at("C.check", 10, rule("a-1", "error", below(0))), at("C.check", 20, rule("a-2", "error", below(-5)))];
  const newer = [at("C.check", 35, rule("a-4", "error", below(-9))), at("C.check", 31, rule("a-3", "error", below(1)))];
  const { changed, added, removed } = diffRules(corpus({ "x.C": older }), corpus({ "x.C": newer }));
  expect(changed.map(({ before, after }) => [before.rule.id, after.rule.id])).toEqual([
    ["a-1", "a-3"],
    ["a-2", "a-4"],
  ]);
  expect([...added, ...removed]).toEqual([]);
});

it("takes a rule that is much the same elsewhere for one that moved", () => {
  const when = { all: [{ isNot: [{ f: "a" }, null] }, { lt: [{ f: "a" }, { f: "b" }] }] };
  const more = { all: [{ isNot: [{ f: "a" }, null] }, { lt: [{ f: "a" }, { f: "b" }] }, { gt: [{ f: "b" }, 0] }] };
  const { moved, changed } = diffRules(
    corpus({ "x.old.C": [at("C.__init__", 5, rule("x.old.C.a.error-1", "error", when))] }),
    corpus({ "x.C": [at("C.verify", 7, rule("x.C.a.error-2", "error", more))] }),
  );
  expect(changed).toEqual([]);
  expect(moved.map(({ before, after }) => [before.entry, after.entry])).toEqual([["x.old.C", "x.C"]]);
});

it("lists what is alike in nothing as removed and added", () => {
  const older = corpus({ "x.C": [rule("a-1", "error", below(0))] });
  const newer = corpus({
    "x.C": [rule("b-1", "error", { type: [{ f: "b" }, "str"] }, ["b"]), rule("a-9", "warn", below(1))],
    "x.D": [rule("d-1", "error", below(0))],
  });
  const { same, added, removed, changed, moved } = diffRules(older, newer);
  expect({ same, added: ids(added), removed: ids(removed), changed, moved }).toEqual({
    same: 0,
    added: ["b-1", "a-9", "d-1"],
    removed: ["a-1"],
    changed: [],
    moved: [],
  });
});
