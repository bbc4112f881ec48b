import { parsePredicate, type PyValue, type Values } from "@lem/config/invariants";
import { describe, expect, it } from "vitest";
import { judged, type JudgedClaim } from "../../src/prove/judge.ts";
import type { Observation } from "../../src/prove/observe.ts";
import { ClaimIndex, ObservationIndex } from "../../src/prove/relevant.ts";

const BACKGROUND = {
  defaults: new Map<string, PyValue>([
    ["size", 1],
    ["kind", "y"],
  ]),
  facts: new Map<string, PyValue>(),
};

function claim(when: Parameters<typeof parsePredicate>[0], line: number): JudgedClaim {
  const place = { kind: "site", site: `s${line}`, path: "a.py", qualname: "A", line } as const;
  const outcome = { kind: "error", exception: null } as const;
  const candidate = {
    entry: "a.A",
    origin: "static_walk",
    place,
    stage: 0,
    outcome,
    when: parsePredicate(when),
    shadowedBy: [],
  } as const;
  return judged({ candidate, shownAt: [{ path: "a.py", line }], group: `${line}`, errorStages: [0] }, BACKGROUND);
}

const given = (values: Readonly<Record<string, PyValue>>): Values => new Map(Object.entries(values));

function observation(values: Readonly<Record<string, PyValue>>, refusedAt?: number): Observation {
  const frames = refusedAt === undefined ? [] : [{ path: "a.py", qualname: "A", line: refusedAt, span: null }];
  const exception = refusedAt === undefined ? null : { type: "ValueError", mro: [], frames, items: [] };
  const outcome = exception === null ? "returned" : "raised";
  return { given: given(values), stages: [{ stage: 0, outcome, exception, said: [], state: {} }], flaky: false };
}

const small = claim({ lt: [{ f: "size" }, 1] }, 1);
const always = claim({ lt: [{ f: "size" }, 2] }, 2);
const open = claim({ unknown: "something" }, 3);
const named = claim({ eq: [{ f: "kind" }, "x"] }, 4);

describe("claims by what they read", () => {
  const index = new ClaimIndex([small, always, open, named]);

  it("are those that read a given field, and those that hold or raise where nothing is given", () => {
    expect(index.of(given({ size: 0 }))).toEqual([always, small]);
    expect(index.of(given({ kind: "x", other: 1 }))).toEqual([always, named]);
    expect(index.of(given({}))).toEqual([always]);
  });
});

describe("observations by what they give and show", () => {
  const plain = observation({ other: 1 });
  const sized = observation({ size: 3 });
  const elsewhere = observation({ other: 2 }, 1);
  const index = new ObservationIndex([plain, sized, elsewhere]);

  it("leave out those of which a claim can only be silent", () => {
    expect(index.of([small])).toEqual(expect.arrayContaining([sized, elsewhere]));
    expect(index.of([small])).not.toContain(plain);
  });

  it("are all of them for a claim that says something where nothing is given", () => {
    expect(index.of([always])).toHaveLength(3);
    expect(index.of([open])).toHaveLength(3);
  });
});
