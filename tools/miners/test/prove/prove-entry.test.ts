import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parsePredicate, printPredicate } from "@lem/config/invariants";
import type { Candidate, EntryModel } from "../../src/candidates/candidate.ts";
import type { LedgerSite } from "../../src/ledger/ledger.ts";
import { openProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import type { Probe } from "../../src/probe/protocol.ts";
import { proveEntry, type EntryProof } from "../../src/prove/prove-entry.ts";
import { candidateAt, rightCandidates, TOY_CALLS, TOY_FOLDER, toyModel, toySites } from "./toy-engine.ts";

describe("proving the candidates of a class [needs python3]", { timeout: 60_000 }, () => {
  let probe: Probe;
  let sites: readonly LedgerSite[];

  beforeAll(async () => {
    const transport = processTransport({ python: "python3", env: { PYTHONPATH: TOY_FOLDER } });
    probe = await openProbe({ transport, package: "toyengine", files: {}, landmarks: ["toyengine.Settings"] });
    sites = await toySites();
  });
  afterAll(async () => await probe.close());

  const prove = async (candidates: readonly Candidate[]): Promise<EntryProof> =>
    await proveEntry(
      {
        model: toyModel(candidates),
        calls: TOY_CALLS,
        sites,
        facts: new Map([["no", false]]),
        fixture: new Map(),
        seed: 7,
        budget: { positives: 40, negatives: 60, random: 400 },
      },
      probe,
    );

  it("accepts what is right, with its evidence", async () => {
    const right = rightCandidates(sites);
    const proof = await prove(right);
    expect(proof.refuted.map(({ claim, reason }) => [printPredicate(claim.candidate.when), reason])).toEqual([]);
    expect(proof.proven).toHaveLength(right.length);
    for (const { tally, atoms } of proof.proven) {
      expect(tally.counts).toMatchObject({ broad: 0, loud: 0, narrow: 0 });
      expect(tally.counts.fires).toBeGreaterThanOrEqual(30);
      expect(atoms).not.toContain("unseen");
      expect(atoms).toContain("shown");
    }
    expect(Object.keys(proof.effective.proven)).toEqual(["seed", "stops"]);
    expect(proof.effective).toMatchObject({ refuted: [], right: proof.effective.changed });
    expect(proof.scores.wild).toMatchObject({ wrong: 0, missed: [] });
  });

  it.each([
    [
      "a wider bound",
      'ValueError("share")',
      { all: [{ notNone: { f: "share" } }, { not: { between: [{ f: "share" }, 0, 1, "()"] } }] },
      "over-broad",
      1,
    ],
    ["a dropped conjunct", 'ValueError("both")', { gt: [{ f: "beams" }, 4] }, "over-broad", 1],
    ["a condition that never holds", 'ValueError("mode")', { eq: [{ f: "mode" }, { f: "mode" }] }, "over-broad", 0],
    [
      "a contradiction",
      'ValueError("mode")',
      { all: [{ is: [{ f: "seed" }, null] }, { notNone: { f: "seed" } }] },
      "over-narrow",
      1,
    ],
    ["what is not known", 'ValueError("mode")', { unknown: "a call" }, "unknown", 0],
  ])("puts %s into quarantine with a smallest example", async (...[, text, on, reason, size]) => {
    const wrong = candidateAt(sites, text, { outcome: { kind: "error", exception: "ValueError" }, on });
    const { place } = wrong;
    const others = rightCandidates(sites).filter(
      (each) => each.place.kind === "site" && place.kind === "site" && each.place.site !== place.site,
    );
    const proof = await prove([...others, wrong]);
    const [refuted] = proof.refuted;
    expect(proof.refuted).toHaveLength(1);
    expect(refuted?.reason).toBe(reason);
    expect(refuted?.counterexample?.given.size ?? 0).toBe(size);
    const walked = proof.proven.filter(({ claim }) => claim.candidate.origin === "static_walk");
    expect(walked).toHaveLength(others.length);
  });

  it("says why a part of a condition was not seen to matter by itself", async () => {
    const beams = candidateAt(sites, 'ValueError("beams")', {
      outcome: { kind: "error", exception: "ValueError" },
      on: { any: [{ lt: [{ f: "beams" }, 1] }, { lt: [{ f: "beams" }, 0] }, { fact: "no" }] },
    });
    const proof = await prove([...rightCandidates(sites).slice(1), beams]);
    const own = proof.proven.find(({ claim }) => claim.candidate.when === beams.when);
    expect(own?.atoms).toEqual(["shown", "implied", "machine"]);
  });

  it("learns from the class what no candidate says, but no closed lists", async () => {
    const [beams, ...others] = rightCandidates(sites);
    const withoutShareAndMode = others.filter(
      (each) => !/share|mode/.test(JSON.stringify(each.when)) || each.outcome.kind === "warn",
    );
    const proof = await prove(withoutShareAndMode);
    const learned = proof.proven.filter(({ claim }) => claim.candidate.origin === "probe");
    expect(learned.map(({ claim }) => claim.candidate.place)).toContainEqual(
      expect.objectContaining({ line: beams?.place.kind === "site" ? beams.place.line : 0 }),
    );
    expect(proof.scores.typed.wrong + proof.scores.wild.wrong).toBe(0);
    expect(proof.scores.wild.missed.some(({ origin }) => origin.includes("ValueError"))).toBe(true);
  });

  it("learns nothing from a file that is not here: elsewhere it may be", async () => {
    const none = parsePredicate(null);
    const model: EntryModel = {
      entry: "toyengine.settings.Reading",
      parameters: ["path", "size", "width"].map((name) => ({ name, default: none })),
      unknownKeys: "reject",
      candidates: [],
      effective: {},
      findings: [],
    };
    const task = { model, calls: [], sites: [], facts: new Map(), fixture: new Map(), seed: 7 };
    const budget = { positives: 40, negatives: 60, random: 200 };
    const { proven } = await proveEntry({ ...task, budget }, probe);
    expect(proven.map(({ claim }) => printPredicate(claim.candidate.when))).toEqual([{ notNone: { f: "size" } }]);
  });

  it("learns every cause of one place, and what a first guess left out", async () => {
    const lines = readFileSync(join(TOY_FOLDER, "toyengine/settings.py"), "utf8").split("\n");
    const defaults = { first: false, second: false, method: null, level: 0 };
    const level: Candidate = {
      entry: "toyengine.settings.Joint",
      origin: "static_walk",
      place: {
        kind: "site",
        site: "level",
        path: "toyengine/settings.py",
        qualname: "Joint.__init__",
        line: lines.findIndex((each) => each.includes('ValueError("level")')) + 1,
      },
      stage: 0,
      outcome: { kind: "error", exception: "ValueError" },
      when: parsePredicate({ all: [{ type: [{ f: "level" }, "int"] }, { gt: [{ f: "level" }, 7777] }] }),
      shadowedBy: [],
    };
    const model: EntryModel = {
      entry: level.entry,
      parameters: Object.entries(defaults).map(([name, usual]) => ({ name, default: parsePredicate(usual) })),
      unknownKeys: "reject",
      candidates: [level],
      effective: {},
      findings: [],
    };
    const task = { model, calls: [], sites: [], facts: new Map(), fixture: new Map(), seed: 7 };
    const { proven, refuted, scores } = await proveEntry(
      { ...task, budget: { positives: 40, negatives: 60, random: 400 } },
      probe,
    );
    const learned = proven.filter(({ claim }) => claim.candidate.origin === "probe");
    expect(learned.map(({ claim }) => printPredicate(claim.candidate.when))).toEqual(
      expect.arrayContaining([
        { truthy: { f: "first" } },
        { truthy: { f: "second" } },
        { all: [{ notNone: { f: "method" } }, { ne: [{ f: "level" }, 7777] }] },
      ]),
    );
    expect(refuted.map(({ claim }) => printPredicate(claim.candidate.when))).toContainEqual({
      notNone: { f: "method" },
    });
    expect([...scores.typed.missed, ...scores.wild.missed]).toEqual([]);
  });
});
