import { compilePredicate, decodeValue, printPredicate, SlotTable } from "@lem/config/invariants";
import { expect, it } from "vitest";
import type { EntryModel } from "../../src/candidates/candidate.ts";
import { survey } from "../../src/take-ledger.ts";
import { NO_ENGINE } from "../../src/walk/ground-book.ts";
import { walkEntry } from "../../src/walk/walk-entry.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";

async function walked(source: string): Promise<EntryModel> {
  const target = { ...fixtureTarget("fixture.Settings"), classes: [{ name: "fixture.Settings", calls: [] }] };
  const surveyed = await survey(memoryTree({ "fixture/__init__.py": source }), target);
  const model = await walkEntry(surveyed, { name: "fixture.Settings", calls: [] }, NO_ENGINE);
  if (model === undefined) throw new Error("no class");
  return model;
}

it("a version is what PEP 440 calls one", async () => {
  const { candidates } = await walked(`
from packaging.version import parse

class Settings:
    def __init__(self, since=None):
        if since is not None:
            parse(since)
`);
  const refused = (since: unknown): readonly (string | null)[] =>
    candidates.flatMap(({ when, outcome }) => {
      const slots = new SlotTable();
      const holds = compilePredicate(when, { slots });
      const { result } = holds(
        slots.frame({ declared: new Map([["since", decodeValue(since)]]), defaults: new Map() }),
      );
      return result === "true" && outcome.kind === "error" ? [outcome.exception] : [];
    });
  const versions = [
    "0.7",
    "v1.2.3",
    " 2!1.0 ",
    "1.0a1",
    "1.0-ALPHA.3",
    "1.0rc",
    "1.0.post2",
    "1.0-2",
    "1.0.dev4",
    "1+c.7",
  ];
  expect(versions.flatMap(refused)).toEqual([]);
  expect(["", "foo", "1.", ".1", "1.0.x", "1 0", "1.0+", "1!", "auto"].map(refused)).toEqual(
    Array.from({ length: 9 }, () => ["TypeError"]),
  );
  expect([refused(7), refused(null)]).toEqual([["TypeError"], []]);
});

it("what is calculated is not None", async () => {
  const { candidates } = await walked(`
class Settings:
    def __init__(self, size=8, parts=2, rank=None):
        own = max(size // parts, 1) if rank is None else rank * 2
        if own is None:
            raise ValueError("own")
        if rank is None:
            raise ValueError("rank")
`);
  const raised = candidates.filter(({ outcome }) => outcome.kind === "error" && outcome.exception === "ValueError");
  expect(raised.map(({ when }) => printPredicate(when))).toEqual([{ is: [{ f: "rank" }, null] }]);
});
