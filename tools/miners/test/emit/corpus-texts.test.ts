import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { readRuleSet, type RuleSet } from "@lem/config/corpus";
import { compileCorpus } from "../../src/emit/corpus-file.ts";
import { corpusTexts, type CorpusTexts } from "../../src/emit/corpus-texts.ts";
import { minedInputs, writeCorpus } from "../../src/emit/write-corpus.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { openProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import { proveEntry } from "../../src/prove/prove-entry.ts";
import { reduce } from "../../src/prove/reduce.ts";
import { candidateAt, rightCandidates, TOY_CALLS, TOY_FOLDER, toyLedger, toyModel } from "../prove/toy-engine.ts";

describe("the files of a corpus [needs python3]", () => {
  let texts: CorpusTexts;
  let rules: RuleSet;

  beforeAll(async () => {
    const transport = processTransport({ python: "python3", env: { PYTHONPATH: TOY_FOLDER } });
    const probe = await openProbe({ transport, package: "toyengine", files: {}, landmarks: [] });
    const ledger = await toyLedger();
    const wrong = candidateAt(ledger.sites, 'ValueError("mode")', {
      outcome: { kind: "error", exception: "ValueError" },
      on: { notNone: { f: "mode" } },
    });
    const model = toyModel([...rightCandidates(ledger.sites), wrong]);
    const budget = { positives: 40, negatives: 60, random: 300 };
    const task = {
      model,
      calls: TOY_CALLS,
      sites: ledger.sites,
      facts: new Map(),
      fixture: new Map(),
      seed: 3,
      budget,
    };
    const proof = await proveEntry(task, probe);
    await probe.close();
    const entries = [{ model, proof, reduced: reduce("transformers", proof) }];
    const common = {
      sections: { generation: model.entry },
      seed: 3,
      inputs: "0".repeat(64),
    };
    texts = corpusTexts({
      ledger,
      profiles: [{ profile: "cpu", isPretended: false, entries, facts: new Map() }],
      ...common,
    });
    rules = readRuleSet(texts["invariants.json"], {
      engine: "transformers",
      version: "1",
      file: "invariants.json",
      reviewed: Buffer.from(texts["invariants.validated.yaml"]),
    });
  }, 60_000);

  const verdict = (set: Record<string, unknown>) => rules.evaluate({ entry: "toyengine.Settings", set });

  it("holds rules that the runtime evaluates as the class behaves", () => {
    expect(verdict({})).toMatchObject({ verdict: "ok", abstained: 0 });
    expect(verdict({ beams: 0 })).toMatchObject({ verdict: "error", rules: [{ fields: ["beams"] }] });
    expect(verdict({ beams: "2" })).toMatchObject({ verdict: "error" });
    expect(verdict({ share: { $py: "float", value: "0.5" } })).toMatchObject({ verdict: "warn" });
    expect(verdict({ seed: -1 })).toMatchObject({ verdict: "dormant", effective: new Map([["seed", null]]) });
  });

  it("compiles the reviewed rules to what the runtime reads", () => {
    const { content_sha256: _, ...read } = JSON.parse(texts["invariants.json"]) as Record<string, unknown>;
    expect(read).toEqual(compileCorpus(texts["invariants.validated.yaml"]));
  });

  it("names each rule once, and says where it comes from", () => {
    const [entry] = Object.values(compileCorpus(texts["invariants.validated.yaml"]).entries);
    const ids = entry?.rules.map(({ id }) => id) ?? [];
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id, source, evidence } of entry?.rules ?? []) {
      expect(id).toMatch(/^toyengine\.Settings\.\w+\.(error|warn|dormant)-[0-9a-f]{6}$/);
      expect(source).toMatchObject({
        path: "toyengine/settings.py",
        sha: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      });
      expect(evidence?.firing).toBeGreaterThanOrEqual(30);
    }
  });

  it("puts each site with a candidate into a bucket, and the contradicted candidate into quarantine", () => {
    const ledger = JSON.parse(texts["ledger.json"]) as Ledger;
    const buckets = Object.groupBy(ledger.sites, ({ bucket }) => bucket);
    expect(buckets.validated?.length).toBeGreaterThanOrEqual(8);
    expect(texts["quarantine.yaml"]).toContain("reason: over-broad");
    expect(texts["invariants.proposed.yaml"]).toContain("shadowed_by");
  });

  it("is written as a whole, and knows its inputs", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lem-corpus-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(minedInputs(folder)).toBeUndefined();
    await writeCorpus(folder, texts);
    expect(minedInputs(folder)).toBe("0".repeat(64));
    expect(readFileSync(join(folder, "invariants.json"), "utf8")).toBe(texts["invariants.json"]);
    expect(readdirSync(folder).toSorted()).toEqual(Object.keys(texts).toSorted());
    rmSync(join(folder, "invariants.json"));
    expect(minedInputs(folder)).toBeUndefined();
  });

  it("stays the old one when it cannot be written", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lem-corpus-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "ledger.json", "in-the-way"), { recursive: true });
    await expect(writeCorpus(folder, texts)).rejects.toMatchObject({ code: "io.failed" });
    expect(readdirSync(folder)).toEqual(["ledger.json"]);
  });
});
