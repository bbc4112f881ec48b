import { assert, asyncProperty, constantFrom, infiniteStream } from "fast-check";
import { describe, expect, it } from "vitest";
import { summarize } from "../../src/ledger/summary.ts";
import { takeLedger } from "../../src/take-ledger.ts";
import { fixtureCases } from "../fixture-case.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";

const target = fixtureTarget("fixture.Config");
const ledgerOf = (text: string) => takeLedger(memoryTree({ "fixture.py": text }), target);
const CONFIG = "class Config:\n    def __init__(self, a):\n        if a > 1:\n            raise ValueError(a)\n";

describe("ledger", () => {
  it("is the same whatever the order of the files, and in every run", async () => {
    const orders = infiniteStream(constantFrom(-1, 1));
    const check = asyncProperty(constantFrom(...fixtureCases()), orders, async ({ tree, target: entry }, order) => {
      const shuffled = { ...tree, paths: tree.paths.toSorted(() => order.next().value ?? 1) };
      expect(JSON.stringify(await takeLedger(shuffled, entry))).toBe(JSON.stringify(await takeLedger(tree, entry)));
    });
    await assert(check, { numRuns: 40, seed: 2 });
  });

  it("keeps the ids of sites when lines, spacing and comments move", async () => {
    const moved = `# a comment\n\n${CONFIG.replace("a > 1", "(a   >\n              1)")}`;
    const [before, after] = [await ledgerOf(CONFIG), await ledgerOf(moved)];
    expect(after.sites.map(({ id }) => id)).toEqual(before.sites.map(({ id }) => id));
    expect(after.sites.map(({ line }) => line)).not.toEqual(before.sites.map(({ line }) => line));
  });

  it("gives another id and condition when the condition changes", async () => {
    const raised = async (text: string) => (await ledgerOf(text)).sites.find(({ kind }) => kind === "raise");
    const [before, after] = [await raised(CONFIG), await raised(CONFIG.replace("> 1", ">= 1"))];
    expect(after?.id).not.toBe(before?.id);
    expect(after?.condition.digest).not.toBe(before?.condition.digest);
  });

  it("gives each site an id of its own", async () => {
    const twice = CONFIG + CONFIG.split("\n").slice(2).join("\n");
    const ids = (await ledgerOf(twice)).sites.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(4);
  });

  it("puts every site into a bucket, and counts all kinds and buckets", async () => {
    const summary = summarize(await ledgerOf(CONFIG));
    expect(summary).toMatchObject({
      sites: 2,
      by_kind: { raise: 1, implicit: 1, assert: 0 },
      by_bucket: { opaque: 2, validated: 0 },
    });
  });

  it("holds no text of the source", async () => {
    const ledger = JSON.stringify(
      await ledgerOf(CONFIG.replace("ValueError(a)", 'ValueError("a sentence of the engine")')),
    );
    expect(ledger).not.toContain("sentence");
  });
});
