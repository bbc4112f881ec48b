import { describe, expect, it } from "vitest";
import { parsePredicate, type PyValue } from "@lem/config/invariants";
import { atomTable, isDecisive, logicOf } from "../../src/prove/atoms.ts";
import { conditionOf } from "../../src/prove/background.ts";

const BACKGROUND = {
  defaults: new Map<string, PyValue>([
    ["a", null],
    ["b", 0],
  ]),
  facts: new Map(),
};

function decisive(json: unknown, given: Readonly<Record<string, PyValue>>): readonly boolean[] {
  const logic = logicOf(parsePredicate(json));
  const answers = atomTable(logic.atoms, BACKGROUND)(new Map(Object.entries(given)));
  return answers.map((_, place) => isDecisive(logic, answers, place));
}

const GUARDED = { all: [{ isNot: [{ f: "a" }, null] }, { lt: [{ f: "a" }, 1] }] };
const EITHER = { any: [{ lt: [{ f: "a" }, 1] }, { gt: [{ f: "b" }, 5] }] };
const BRANCH = { ite: [{ type: [{ f: "a" }, "str"] }, { eq: [{ f: "b" }, 1] }, { eq: [{ f: "b" }, 2] }] };

describe("the atoms of a predicate", () => {
  it("come to what the predicate comes to", () => {
    const inputs = [{}, { a: 0 }, { a: 3, b: 9 }, { a: "x", b: 1 }, { a: "x", b: 2 }, { b: 2 }] as const;
    for (const json of [GUARDED, EITHER, BRANCH, { not: BRANCH }, { all: [EITHER, { not: GUARDED }, true] }]) {
      const when = parsePredicate(json);
      const logic = logicOf(when);
      for (const input of inputs) {
        const given = new Map<string, PyValue>(Object.entries(input));
        const result = logic.result(atomTable(logic.atoms, BACKGROUND)(given));
        expect([json, input, result]).toEqual([json, input, conditionOf(when, BACKGROUND)(given)]);
      }
    }
  });

  it("are one where they say the same", () => {
    const twice = {
      any: [{ all: [{ isSet: "a" }, { gt: [{ f: "b" }, 1] }] }, { all: [{ isSet: "a" }, { lt: [{ f: "b" }, -1] }] }],
    };
    expect(logicOf(parsePredicate(twice)).atoms).toHaveLength(3);
  });

  it.each([
    ["all of a conjunction that holds", GUARDED, { a: 0 }, [true, true]],
    ["what alone does not hold", GUARDED, { a: 3 }, [false, true]],
    ["a guard, without which the rest raises", GUARDED, {}, [true, false]],
    ["none of two reasons at once", EITHER, { a: 0, b: 9 }, [false, false]],
    ["either reason where the other is not", EITHER, { a: 3, b: 9 }, [false, true]],
    [
      "the branch that is taken, and the choice where the branches differ",
      BRANCH,
      { a: "x", b: 1 },
      [true, true, false],
    ],
    ["neither where both branches say no", BRANCH, { a: "x", b: 5 }, [false, true, false]],
  ])("decide: %s", (_, json, given, expected) => {
    expect(decisive(json, given)).toEqual(expected);
  });
});
