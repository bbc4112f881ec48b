import { printPredicate, type Expr } from "@lem/config/invariants";
import type { GapGroup, JsonObject } from "@lem/domain";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Candidate } from "../../src/candidates/candidate.ts";
import { mineGaps, type GapMining } from "../../src/gaps/gap-candidates.ts";
import type { LedgerSite } from "../../src/ledger/ledger.ts";
import { openProbe } from "../../src/probe/open-probe.ts";
import { processTransport } from "../../src/probe/process-transport.ts";
import type { Probe } from "../../src/probe/protocol.ts";
import { valueOf } from "../../src/prove/background.ts";
import { Observer } from "../../src/prove/observe.ts";
import { proveEntry } from "../../src/prove/prove-entry.ts";
import { rightCandidates, TOY_CALLS, TOY_FOLDER, toyLedger, toyModel } from "../prove/toy-engine.ts";

/** Our own small engine, of which the walk missed something that a run then showed. */
describe("candidates from gaps [needs python3]", () => {
  let probe: Probe;
  let sites: readonly LedgerSite[];

  beforeAll(async () => {
    const transport = processTransport({ python: "python3", env: { PYTHONPATH: TOY_FOLDER } });
    probe = await openProbe({ transport, package: "toyengine", files: {}, landmarks: ["toyengine.Settings"] });
    ({ sites } = await toyLedger());
  });
  afterAll(async () => await probe.close());

  const parts = { required: [], facts: new Map() };

  /** The walk's candidates without those that the gap is about. */
  async function mined(gap: Partial<GapGroup>, left: (candidate: Candidate) => boolean): Promise<GapMining> {
    const walked = rightCandidates(sites).filter((each) => !left(each));
    const whole = toyModel(walked);
    const [field = ""] = gap.fields ?? [];
    const { [field]: _, ...effective } = whole.effective;
    const model = gap.kind === "changed" ? { ...whole, effective } : whole;
    const observer = new Observer(probe, { entry: model.entry, calls: TOY_CALLS, report: [] });
    const usual = model.parameters.map(({ name, default: expr }) => {
      const value = valueOf(expr as Expr, { defaults: new Map(), facts: new Map() })(new Map());
      return [name, value ?? null] as const;
    });
    const background = { defaults: new Map(usual), facts: parts.facts };
    return mineGaps([{ ...GAP, ...gap }], { model, background, observer, sites });
  }

  const GAP: GapGroup = {
    engine: "transformers",
    engine_version: "1",
    kind: "refused",
    section: "settings",
    entry: "toyengine.Settings",
    fields: [],
    place: { path: "toyengine/settings.py", qualname: "Settings.__init__", line: 1 },
    exception: "ValueError",
    count: 1,
    examples: [],
  };

  const refusal = (fields: string[], ...examples: JsonObject[]): Partial<GapGroup> => ({ fields, examples });
  const at =
    (text: string) =>
    (each: Candidate): boolean =>
      JSON.stringify(printPredicate(each.when)).includes(text);

  const number = (field: string): JsonObject => ({ type: [{ f: field }, "int", "float"] });

  test.each<[string, Partial<GapGroup>, string, JsonObject]>([
    [
      "a bound",
      refusal(["beams"], { beams: 0, mode: "slow" }),
      '"lt"',
      { all: [number("beams"), { lt: [{ f: "beams" }, 1] }] },
    ],
    [
      "a range",
      refusal(["share"], { share: 2, sample: true }),
      "between",
      { all: [number("share"), { not: { between: [{ f: "share" }, 0, 1, "(]"] } }] },
    ],
    [
      "two fields",
      refusal(["beams"], { beams: 7, sample: true }),
      '"gt"',
      { all: [{ all: [number("beams"), { gt: [{ f: "beams" }, 4] }] }, { truthy: { f: "sample" } }] },
    ],
  ])("%s that the walk missed is found again, and proven", async (...[, gap, text, condition]) => {
    const { candidates, findings } = await mined(gap, at(text));
    expect(findings.map(({ outcome }) => outcome)).toEqual(["candidate"]);
    const [candidate] = candidates as [Candidate];
    expect(printPredicate(candidate.when)).toEqual(condition);
    expect(candidate).toMatchObject({ origin: "runtime_warning", stage: 0, outcome: { kind: "error" } });
    const proof = await prove([...rightCandidates(sites).filter((each) => !at(text)(each)), candidate]);
    expect(proof.refuted.filter(({ claim }) => claim.candidate === candidate)).toEqual([]);
    expect(proof.proven.map(({ claim }) => claim.candidate)).toContain(candidate);
  });

  test("a warning keeps its stage, and one that other candidates explain is known", async () => {
    const place = { path: "toyengine/settings.py", qualname: "Settings.check", line: 40 };
    const gap: Partial<GapGroup> = {
      kind: "warned",
      place,
      fields: ["mode"],
      exception: null,
      examples: [{ mode: "exact" }],
    };
    const { candidates } = await mined(gap, at('"exact"]}'));
    expect(candidates).toMatchObject([{ outcome: { kind: "warn" }, stage: 0 }]);
    const { findings } = await mined(gap, () => false);
    expect(findings.map(({ outcome }) => outcome)).toEqual(["known"]);
  });

  test("a change gets the value that is put in its place", async () => {
    const gap: Partial<GapGroup> = {
      kind: "changed",
      place: null,
      fields: ["seed"],
      exception: null,
      examples: [{ seed: -1 }],
    };
    const { candidates, effective } = await mined(gap, at('{"eq":[{"f":"seed"}'));
    expect(candidates).toMatchObject([
      { origin: "observed_collision", outcome: { kind: "normalise", field: "seed", to: { op: "const", value: null } } },
    ]);
    expect(printPredicate(effective["seed"] as Expr)).toEqual({
      ite: [{ eq: [{ f: "seed" }, -1] }, null, { f: "seed" }],
    });
  });

  test("a list of allowed names is not made of the few that were tried", async () => {
    const { candidates, findings } = await mined(refusal(["mode"], { mode: "quick" }), at('"notIn"'));
    expect(findings.map(({ outcome }) => outcome)).toEqual(["not-fitted"]);
    expect(candidates.map(({ when }) => printPredicate(when))).toEqual([{ all: [{ eq: [{ f: "mode" }, "quick"] }] }]);
  });

  test("what construction does not show again is a candidate that the proof puts into quarantine", async () => {
    const { candidates, findings } = await mined(refusal(["beams"], { beams: 2, seed: 4 }), () => false);
    expect(findings.map(({ outcome }) => outcome)).toEqual(["not-reproduced"]);
    const [candidate] = candidates as [Candidate];
    expect(candidate).toMatchObject({ origin: "runtime_warning", place: { line: 1 } });
    expect(printPredicate(candidate.when)).toEqual({ all: [{ eq: [{ f: "beams" }, 2] }] });
    const proof = await prove([...rightCandidates(sites), candidate]);
    expect(proof.refuted.map(({ claim, reason }) => [claim.candidate, reason])).toEqual([[candidate, "over-broad"]]);
  });

  const prove = (candidates: readonly Candidate[]): ReturnType<typeof proveEntry> =>
    proveEntry(
      {
        model: toyModel(candidates),
        calls: TOY_CALLS,
        sites,
        facts: new Map(),
        fixture: new Map(),
        seed: 7,
        budget: { positives: 40, negatives: 60, random: 400 },
      },
      probe,
    );
});
