import { describe, expect, it } from "vitest";
import type { ProbeAnswer, ProbeException, ProbeStage } from "../../src/probe/protocol.ts";
import { truthOf } from "../../src/score/truth.ts";

const CALLS = [
  { method: "check", keywords: {}, severity: "error" },
  { method: "check", keywords: { strict: true }, severity: "warn" },
] as const;
const PLACE = { path: "toy.py", qualname: "f", line: 7, span: null } as const;

const raised = (more: Partial<ProbeException> = {}): Partial<ProbeStage> => ({
  outcome: "raised",
  exception: { type: "builtins.ValueError", mro: [], frames: [PLACE], items: [], ...more } as ProbeException,
});

function truth(stages: readonly Partial<ProbeStage>[], keywords: Readonly<Record<string, unknown>> = {}) {
  const usual = { outcome: "returned", exception: null, said: [], state: {} } as const;
  const full = stages.map((stage, at) => ({ ...usual, stage: at, ...stage })) as ProbeStage[];
  return truthOf({ id: 1, kind: "done", flaky: false, stages: full }, { keywords, calls: CALLS });
}

describe("the truth of a probe", () => {
  it.each([
    ["nothing happens", [{}, {}, {}], { refused: false, noticed: false, sites: [] }],
    [
      "the constructor refuses",
      [raised(), { outcome: "skipped" }, { outcome: "skipped" }],
      { refused: true, noticed: false, sites: ["toy.py:7"] },
    ],
    ["a call refuses", [{}, raised(), raised()], { refused: true, noticed: false }],
    ["only the strict call refuses", [{}, {}, raised()], { refused: false, noticed: true, sites: ["toy.py:7"] }],
    [
      "something is said",
      [{ said: [{ ...PLACE, channel: "log", category: "WARNING" }] }, {}, {}],
      { refused: false, noticed: true, sites: ["toy.py:7"] },
    ],
    [
      "only the strict call says something",
      [{}, {}, { said: [{ ...PLACE, channel: "log", category: "WARNING" }] }],
      { noticed: false },
    ],
    [
      "errors are collected",
      [raised({ frames: [], items: [{ loc: ["a", 0], type: "int_type", frames: [] }] as never }), {}, {}],
      { sites: ["a.0:int_type"] },
    ],
    ["the exception comes from outside", [raised({ frames: [] }), {}, {}], { sites: ["outside:builtins.ValueError"] }],
  ] as const)("when %s", (_, stages, expected) => {
    expect(truth(stages as readonly Partial<ProbeStage>[])).toMatchObject({ kind: "known", ...expected });
  });

  it("counts a given value of another value or type as changed, by its state before the strict call", () => {
    const given = { a: 1, b: true, c: [1], gone: 2, same: { $py: "float", value: "nan" } };
    const state = { a: { $py: "float", value: "1.0" }, b: 1, c: [1], same: { $py: "float", value: "nan" }, other: 5 };
    expect(truth([{}, { state }, { state: { a: 9 } }], given)).toMatchObject({
      refused: false,
      noticed: true,
      changed: { a: { $py: "float", value: "1.0" }, b: 1 },
    });
  });

  it.each([
    [{ id: 1, kind: "lost", reason: "timeout" }, "lost"],
    [{ id: 1, kind: "unconstructible", reason: "x" }, "unconstructible"],
    [{ id: 1, kind: "done", stages: [], flaky: true }, "flaky"],
  ] as const)("is none of %j", (answer, kind) => {
    expect(truthOf(answer as ProbeAnswer, { keywords: {}, calls: CALLS })).toEqual({ kind });
  });

  it("takes an object for what it was while it is of its class", () => {
    const made = (attributes: object, cls = "toy.Inner"): object => ({
      $py: "object",
      value: { class: cls, mro: [cls], attributes },
    });
    const given = { a: made({ depth: 1 }), b: made({ depth: 1 }), c: made({}) };
    const state = { a: made({ depth: true, width: 2 }), b: { depth: 1 }, c: made({}, "toy.Other") };
    const result = truth([{ state }, { state }, {}], given);
    expect(result).toMatchObject({ kind: "known", noticed: true });
    expect(Object.keys(result.kind === "known" ? result.changed : {})).toEqual(["b", "c"]);
  });

  it("tells every place that a refusal went through", () => {
    const frames = [PLACE, { ...PLACE, line: 3 }];
    const items = [{ loc: ["a", 0], type: "int_type", frames: [{ ...PLACE, line: 5 }] }];
    expect(truth([raised({ frames } as never), {}, {}])).toMatchObject({ through: ["toy.py:7", "toy.py:3"] });
    expect(truth([raised({ frames: [], items } as never), {}, {}])).toMatchObject({ through: ["toy.py:5", "a"] });
  });
});
