import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { readRuleSet } from "@lem/config/corpus";
import { compileCorpus } from "../../src/emit/corpus-file.ts";
import { BUCKETS, type Ledger } from "../../src/ledger/ledger.ts";

const CORPORA = join(import.meta.dirname, "../../../../corpora");
const FOLDERS = globSync("*/*/invariants.validated.yaml", { cwd: CORPORA }).map(dirname).toSorted();

/** The share of places that may stay open; more for native code, models' files and deeply nested classes. */
const MOST_OPEN: Readonly<Record<string, number>> = { "llama-cpp": 0.25, "tensorrt-llm": 0.4, vllm: 0.45 };

describe("the corpora of this repository", () => {
  it("are there", () => {
    expect(FOLDERS.length).toBeGreaterThan(0);
  });

  it.each(FOLDERS)(
    "%s: what the runtime reads is what was reviewed",
    (folder) => {
      const reviewed = readFileSync(join(CORPORA, folder, "invariants.validated.yaml"));
      const file = join(CORPORA, folder, "invariants.json");
      const text = readFileSync(file, "utf8");
      const { content_sha256: _, ...compiled } = JSON.parse(text) as Record<string, unknown>;
      expect(compiled).toEqual(compileCorpus(reviewed.toString()));
      const rules = readRuleSet(text, { engine: dirname(folder), version: basename(folder), file, reviewed });
      for (const name of rules.entries) {
        const ids = rules.entry(name)?.model.rules.map(({ id }) => id) ?? [];
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.every((id) => id.startsWith(`${name}.`))).toBe(true);
      }
    },
    60_000,
  );

  it.each(FOLDERS)("%s: every site is in one bucket, and few are not understood", (folder) => {
    const { sites } = JSON.parse(readFileSync(join(CORPORA, folder, "ledger.json"), "utf8")) as Ledger;
    const open = sites.filter(({ bucket }) => ["opaque", "needs-model", "quarantined"].includes(bucket));
    expect(sites.filter(({ bucket, reason }) => !(bucket in BUCKETS) || reason === "not-walked")).toEqual([]);
    expect(open.length / sites.length).toBeLessThanOrEqual(MOST_OPEN[dirname(folder)] ?? 0.15);
  });

  it.each(FOLDERS)(
    "%s: a validated site names a rule that is there, with its evidence",
    (folder) => {
      const corpus = compileCorpus(readFileSync(join(CORPORA, folder, "invariants.validated.yaml"), "utf8"));
      const rules = Object.values(corpus.entries).flatMap((entry) => entry.rules);
      const ids = new Set(rules.map(({ id }) => id));
      const { sites } = JSON.parse(readFileSync(join(CORPORA, folder, "ledger.json"), "utf8")) as Ledger;
      expect(sites.filter(({ bucket, reason }) => bucket === "validated" && !ids.has(reason))).toEqual([]);
      for (const { id, evidence, source, fields } of rules) {
        expect(evidence?.firing).toBeGreaterThanOrEqual(fields.length === 0 ? 1 : 30);
        const reasons = Object.values(evidence?.unflipped ?? {});
        expect([id, (evidence?.atoms ?? 0) + reasons.length]).not.toEqual([id, 0]);
        expect(source.sha === "" || /^[0-9a-f]{64}$/.test(source.sha)).toBe(true);
      }
    },
    60_000,
  );
});
