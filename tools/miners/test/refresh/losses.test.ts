import { describe, expect, it } from "vitest";
import type { Bucket, Ledger, LedgerSite } from "../../src/ledger/ledger.ts";
import { lossesOf } from "../../src/refresh/losses.ts";
import { accuracy } from "../../src/score/confusion.ts";
import { rate } from "../../src/score/rate.ts";
import type { StratumScore } from "../../src/score/scorecard.ts";
import type { Scorecard } from "../../src/score/score.ts";

const site = (id: string, bucket: Bucket): LedgerSite => ({
  id,
  kind: "raise",
  operator: null,
  path: "p/c.py",
  qualname: "C.check",
  line: 7,
  column: 0,
  sha: "",
  condition: { digest: "", guards: 0 },
  entries: ["p.C"],
  depth: 0,
  bucket,
  reason: "",
});

const ledger = (sites: readonly LedgerSite[], sha256 = "a"): Ledger => ({
  schema_version: 1,
  engine: "toy",
  source: { package: "p", version: "1", kind: "wheel", sha256 },
  entries: ["p.C"],
  functions: { reached: 1, foreign_calls: 0, unresolved_calls: 0 },
  files: [],
  sites,
});

const standing = (sites: readonly LedgerSite[], sha256?: string) => ({
  ledger: ledger(sites, sha256),
  scorecards: {},
});

describe("places that a mining lost", () => {
  it.each([
    ["validated", "quarantined", ["1 places validated -> quarantined: p/c.py:7"]],
    ["subsumed", "opaque", ["1 places subsumed -> opaque: p/c.py:7"]],
    ["internal", "needs-model", ["1 places internal -> needs-model: p/c.py:7"]],
    ["validated", "internal", ["1 places validated -> internal: p/c.py:7"]],
    ["validated", "subsumed", []],
    ["opaque", "validated", []],
    ["quarantined", "opaque", []],
  ] as const)("%s -> %s", (before, after, losses) => {
    expect(lossesOf(standing([site("1", before)]), standing([site("1", after)]))).toEqual(losses);
  });

  it("are those that are gone too, unless the source is another", () => {
    const before = standing([site("1", "validated"), site("2", "dead")]);
    expect(lossesOf(before, standing([site("2", "dead")]))).toEqual(["1 places validated -> nowhere: p/c.py:7"]);
    expect(lossesOf(before, standing([site("2", "dead")], "b"))).toEqual([]);
  });
});

/** A class of which so many of 1,000 configurations were judged rightly or wrongly. */
function card({ fp = 0, fn = 0 }: { readonly fp?: number; readonly fn?: number }): Scorecard {
  const error = accuracy({ tp: 500 - fn, fp, fn, tn: 500 - fp });
  const none = accuracy({ tp: 0, fp: 0, fn: 0, tn: 0 });
  const typed: StratumScore = {
    n: 1000,
    error,
    attributed: rate(0, 0),
    notice: none,
    effective: rate(0, 0),
    abstained: 0,
    baselines: { nothing: none, types: none },
  };
  const sites = { error: rate(9, 10), notice: rate(0, 0), weak: {} };
  return {
    schema_version: 1,
    engine: "toy",
    engine_version: "1",
    profile: "cpu",
    seed: 1,
    validated_sha256: "",
    strata: {},
    excluded: { flaky: 0, lost: 0, unconstructible: 0 },
    coverage: null,
    groups: { "p.C": { entries: ["p.C"], strata: { typed }, sites } },
    members: {},
    temporal: [],
  };
}

describe("scores that dropped", () => {
  const losses = (before: Scorecard, after: Scorecard | undefined) =>
    lossesOf(
      { ledger: ledger([]), scorecards: { cpu: before } },
      { ledger: ledger([]), scorecards: after === undefined ? {} : { cpu: after } },
    );

  it("are outside the interval of before", () => {
    expect(losses(card({}), card({}))).toEqual([]);
    expect(losses(card({}), card({ fn: 2 }))).toEqual([]);
    expect(losses(card({}), card({ fn: 20 }))).toEqual(["cpu: p.C typed: recall 100.00 % -> 96.00 %"]);
    expect(losses(card({ fn: 20 }), card({}))).toEqual([]);
    expect(losses(card({}), card({ fp: 20 }))).toEqual([
      "cpu: p.C typed: precision 100.00 % -> 96.15 %",
      "cpu: p.C typed: false rejects 0.00 % -> 4.00 %",
    ]);
  });

  it("are missing", () => {
    expect(losses(card({}), undefined)).toEqual(["cpu: the scorecard is gone"]);
    expect(losses(card({}), { ...card({}), groups: {} })).toEqual(["cpu: p.C is scored no more"]);
  });
});
