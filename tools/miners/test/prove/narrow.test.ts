import { parsePredicate, printPredicate, type PyValue } from "@lem/config/invariants";
import { expect, it } from "vitest";
import type { Claim } from "../../src/prove/signs.ts";
import { narrowed } from "../../src/prove/narrow.ts";
import type { Observation } from "../../src/prove/observe.ts";
import type { EntryProof, ProvenClaim } from "../../src/prove/prove-entry.ts";
import { NONE } from "../../src/prove/tally.ts";

const LINE = { path: "engine.py", line: 7 };
const WHEN = { all: [{ gt: [{ f: "size" }, 4] }, { any: [{ truthy: { f: "fast" } }, { gt: [{ f: "count" }, 1] }] }] };

const claim: Claim = {
  candidate: {
    entry: "engine.Settings",
    origin: "static_walk",
    place: { kind: "site", site: "s", qualname: "Settings.__init__", ...LINE },
    stage: 0,
    outcome: { kind: "error", exception: "ValueError" },
    when: parsePredicate(WHEN),
    shadowedBy: [],
  },
  shownAt: [LINE],
  group: "g",
  errorStages: [0],
} as unknown as Claim;

const proven: ProvenClaim = {
  claim,
  tally: { counts: { ...NONE, fires: 40, silent: 40 }, contradictions: [] },
  atoms: ["shown", "unseen", "unseen"],
  isPartial: false,
};

/** An input that the class refuses at the claim's place, or takes. */
function seen(given: Readonly<Record<string, PyValue>>, isRefused: boolean): Observation {
  const exception = { type: "ValueError", mro: ["ValueError"], message: "", items: [], frames: [LINE] };
  const stage = isRefused ? { outcome: "raised", exception } : { outcome: "returned", exception: null };
  const stages = [{ stage: 0, said: [], state: null, ...stage }];
  return { given: new Map(Object.entries(given)), stages, flaky: false } as unknown as Observation;
}

const narrowedBy = (...observations: readonly Observation[]): ProvenClaim => {
  const background = { defaults: new Map<string, PyValue>(), facts: new Map<string, PyValue>() };
  return narrowed(proven, { background, observations } as unknown as EntryProof);
};

const whenOf = ({ claim: { candidate } }: ProvenClaim): unknown => printPredicate(candidate.when);

it("a part that had one answer wherever the class refused is held to it, one with either is free", () => {
  const held = narrowedBy(
    seen({ size: 5, fast: true, count: 1 }, true),
    seen({ size: 6, fast: true, count: 2 }, true),
    seen({ size: 4, fast: false, count: 2 }, false),
  );
  expect(held.atoms).toEqual(["shown", "pinned", "free"]);
  expect(whenOf(held)).toEqual({ all: [...WHEN.all, { truthy: { f: "fast" } }] });
  expect(held.isPartial).toBe(true);
});

it("what may raise is asked first whether it does", () => {
  const held = narrowedBy(
    seen({ size: 5, fast: true, count: 2 }, true),
    seen({ size: 5, fast: false, count: 2 }, true),
  );
  expect(held.atoms).toEqual(["shown", "free", "pinned"]);
  const more = { gt: [{ f: "count" }, 1] };
  expect(whenOf(held)).toEqual({ all: [...WHEN.all, { all: [{ not: { raises: [more] } }, more] }] });
});

it("a part without an answer where the class refused stays unseen", () => {
  const held = narrowedBy(seen({ size: 5, fast: true, count: "x" }, true));
  expect(held.atoms).toEqual(["shown", "pinned", "unseen"]);
});

it("a claim whose parts are all known stays as it is", () => {
  const known: ProvenClaim = { ...proven, atoms: ["shown", "shown", "implied"] };
  expect(narrowed(known, {} as EntryProof)).toBe(known);
});
