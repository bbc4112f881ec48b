import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readRuleSet, type Corpus, type CorpusRule, type RuleSet } from "@lem/config/corpus";
import { beforeAll, describe, expect, it } from "vitest";
import { openProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { takeLedger } from "../../src/take-ledger.ts";
import { coverageOf } from "../../src/score/coverage.ts";
import { observe, type Observations } from "../../src/score/judge-classes.ts";
import { clustersText, scorecardText } from "../../src/score/report.ts";
import { scoredClasses } from "../../src/score/sample/subjects.ts";
import { score } from "../../src/score/score.ts";
import { folderTree } from "../../src/source/folder.ts";
import { fixtureTarget } from "../memory-tree.ts";

const FOLDER = join(import.meta.dirname, "engine");
const ENTRY = "toyscore.Settings";
const python = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });

const CODE = readFileSync(join(FOLDER, "toyscore/__init__.py"), "utf8").split("\n");
const SITE_OF_COUNT = `toyscore/__init__.py:${CODE.findIndex((line) => line.includes('ValueError("count")')) + 1}`;

const TARGET = {
  ...fixtureTarget(ENTRY),
  root: "toyscore",
  classes: [
    {
      name: ENTRY,
      calls: [
        { method: "check", keywords: {}, severity: "error" },
        { method: "check", keywords: { strict: true }, severity: "warn" },
      ],
    },
  ],
} as const;

const rule = (id: string, severity: CorpusRule["severity"], when: unknown): CorpusRule => ({
  id: `${ENTRY}.${id}`,
  severity,
  fields: [],
  when,
  exception: severity === "error" ? "ValueError" : null,
  added_by: "static_walk",
  source: { path: "toyscore/__init__.py", qualname: "Settings.__init__", line: 0, sha: "0".repeat(64) },
  evidence: null,
});

/** Everything that the toy engine does, in Python's order of evaluation. */
const FEW = { lt: [{ f: "count" }, 1] };
const RULES = [
  rule("count", "error", FEW),
  rule("slow", "warn", {
    all: [{ not: FEW }, { eq: [{ f: "kind" }, "slow"] }, { gt: [{ f: "share" }, { $py: "float", value: "0.5" }] }],
  }),
  rule("names", "error", {
    all: [{ not: FEW }, { notNone: { f: "names" } }, { raises: [{ len: { f: "names" } }, "TypeError"] }],
  }),
  rule("strict", "warn", {
    all: [{ not: FEW }, { any: [{ raises: [{ gt: [{ f: "share" }, 1] }, "TypeError"] }, { gt: [{ f: "share" }, 1] }] }],
  }),
];

function ruleSet(rules: readonly CorpusRule[]): RuleSet {
  const corpus: Corpus = {
    schema_version: 1,
    engine: "transformers",
    engine_version: "1",
    source_sha256: "",
    validated_sha256: "f".repeat(64),
    profiles: { cpu: { facts: {} } },
    domains: {},
    sections: {},
    entries: {
      [ENTRY]: {
        defaults: { count: 4, share: { $py: "float", value: "0.5" }, kind: "fast", names: null },
        required: [],
        unknown_keys: "reject",
        rules,
        effective: {
          names: {
            ite: [{ all: [{ notNone: { f: "names" } }, { eq: [{ len: { f: "names" } }, 0] }] }, null, { f: "names" }],
          },
        },
      },
    },
  };
  return readRuleSet(JSON.stringify(corpus), { engine: "transformers", version: "1", file: "toy.json" });
}

describe.skipIf(python.status !== 0)("a score [needs python3]", () => {
  let observations: Observations;
  const scored = (rules: readonly CorpusRule[], older: Readonly<Record<string, RuleSet>> = {}) =>
    score({
      engine: "transformers",
      version: "1",
      profile: "cpu",
      seed: 5,
      observations,
      rules: ruleSet(rules),
      older,
      ledger,
    });

  let ledger: Ledger | undefined;
  beforeAll(async () => {
    const transport = processTransport({ python: python.stdout.trim(), env: { PYTHONPATH: FOLDER } });
    const probe = await openProbe({ transport, package: "toyscore", files: {}, landmarks: [ENTRY] });
    const tree = folderTree({ folder: FOLDER, package: "toyscore", version: "1", root: "toyscore" });
    const classes = await scoredClasses(TARGET, tree, probe);
    ledger = await takeLedger(tree, { ...TARGET, landmarks: [ENTRY] });
    observations = await observe(classes, probe, { count: 400, seed: 5 });
    await probe.close();
  }, 60_000);

  it("learns the truth of every configuration", () => {
    expect(observations.excluded).toEqual({ flaky: 0, lost: 0, unconstructible: 0 });
    expect(observations.observed).toHaveLength(5 * 400);
    expect(observations.observed.filter(({ truth }) => truth.refused).length).toBeGreaterThan(100);
    expect(observations.observed.filter(({ truth }) => truth.noticed).length).toBeGreaterThan(100);
  });

  it("is perfect for rules that say what the engine does", () => {
    const { card, clusters } = scored(RULES);
    const { strata, sites } = card.groups[ENTRY] ?? {};
    expect(clustersText(clusters, 5)).toMatch(/^0 disagreements/);
    for (const stratum of ["typed", "wild"] as const)
      expect(strata?.[stratum]).toMatchObject({
        n: 400,
        error: { precision: { value: 1 }, recall: { value: 1 }, false_positive: { value: 0 } },
        notice: { precision: { value: 1 }, recall: { value: 1 } },
        effective: { value: 1 },
        baselines: { nothing: { recall: { value: 0 } } },
      });
    expect(strata?.wild?.baselines.types.precision.value).toBeLessThan(0.95);
    expect(sites?.error).toMatchObject({ value: 1 });
    expect(sites?.weak).toEqual({});
  });

  it("tells refusals that a rule of their own place foretells", () => {
    const line = Number(SITE_OF_COUNT.split(":")[1]);
    const [count, ...others] = RULES as [CorpusRule, ...CorpusRule[]];
    const placed = scored([{ ...count, source: { ...count.source, line } }, ...others]).card;
    expect(placed.groups[ENTRY]?.strata.typed?.attributed.value).toBe(1);
    const elsewhere = scored(RULES, { "0.9": ruleSet(RULES) }).card;
    expect(elsewhere.groups[ENTRY]?.strata.typed).toMatchObject({
      error: { recall: { value: 1 } },
      attributed: { value: 0 },
    });
    expect(elsewhere.temporal[0]?.groups[ENTRY]?.strata.typed?.attributed.value).toBeNull();
  });

  it("tells a rule that is too broad, one that is missing, and where", () => {
    const broad = rule("count", "error", { lt: [{ f: "count" }, 5] });
    const { card, clusters } = scored([broad, ...RULES.slice(2)]);
    const { typed } = card.groups[ENTRY]?.strata ?? {};
    expect(typed?.error.precision.value).toBeLessThan(0.9);
    expect(typed?.notice.recall.value).toBeLessThan(1);
    expect(clusters.map(({ what, where }) => [what, where])).toEqual(
      expect.arrayContaining([
        ["false reject", `${ENTRY}.count`],
        ["missed notice", "toyscore/__init__.py:26"],
      ]),
    );
    const [worst] = clusters;
    expect(Object.keys(worst?.example.sample.keywords ?? {}).length).toBeLessThan(2);
    expect(Object.keys(card.groups[ENTRY]?.sites.weak ?? {})).toContain("toyscore/__init__.py:26");
  });

  it("holds older rules against the same configurations, and prints all of it", () => {
    const { card } = scored(RULES, { "0.9": ruleSet(RULES.slice(1)) });
    expect(card.temporal).toMatchObject([{ mined_on: "0.9", groups: { [ENTRY]: { strata: { typed: { n: 400 } } } } }]);
    expect(card.temporal[0]?.groups[ENTRY]?.strata.typed?.error.recall.value).toBeLessThan(1);
    const text = scorecardText(card);
    expect(text).toMatch(/typed +400 +\d+\.\d\d % +100\.00 % \[\d+\.\d, 100\.0] of \d+/);
    expect(text).toContain("by the rules of 0.9");
    expect(text).toContain("(nothing)");
  });

  it("tells which places of the ledger were met", () => {
    const { card } = scored(RULES);
    expect(card.coverage).toMatchObject({ met: { value: 1, of: 3 }, unmet: [], shut: [] });
    const { met, unmet } = coverageOf(ledger ?? { sites: [] }, observations.observed.slice(0, 1));
    expect(met.value).toBeLessThan(1);
    expect(unmet[0]).toMatch(/^toyscore\/__init__\.py:\d+$/);
    const always = observations.observed.filter(({ truth }) => truth.refused && truth.sites[0] === SITE_OF_COUNT);
    expect(coverageOf(ledger ?? { sites: [] }, always)).toMatchObject({ met: { value: 1, of: 1 }, unmet: [] });
    expect(coverageOf(ledger ?? { sites: [] }, always).shut).toHaveLength(2);
  });
});
