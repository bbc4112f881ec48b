import type { SaidOfKeys } from "@lem/engines";
import { describe, expect, test } from "vitest";
import { findGaps, type Observed } from "../../src/gaps/find-gaps.ts";
import type { Foresight } from "../../src/gaps/foresight.ts";

const place = { path: "e/config.py", qualname: "Sampling.validate", line: 7 };
const given = { temperature: 0.5, beams: 2 };
const said: SaidOfKeys = {
  section: "sampling",
  fields: ["temperature"],
  channel: "log",
  category: "WARNING",
  place,
};
const quiet: Observed = { sections: { sampling: given }, said: [], refusal: undefined, effective: undefined };
const knows =
  (more: Partial<Foresight> = {}) =>
  (): Foresight => ({
    entry: "e.Sampling",
    rules: [],
    effective: {},
    ...more,
  });
const rule = { fields: ["temperature"], path: place.path, qualname: place.qualname };

describe("warned", () => {
  test("what no rule of its function foresaw", () => {
    expect(findGaps({ ...quiet, said: [said] }, knows())).toEqual([
      {
        kind: "warned",
        section: "sampling",
        entry: "e.Sampling",
        fields: ["temperature"],
        given,
        place,
        exception: null,
      },
    ]);
  });

  test("not what a rule of its function foresaw, on whatever line", () => {
    expect(findGaps({ ...quiet, said: [said] }, knows({ rules: [rule] }))).toEqual([]);
  });

  test("the part that the rules did not foresee", () => {
    const both = { ...said, fields: ["temperature", "beams"] };
    expect(findGaps({ ...quiet, said: [both] }, knows({ rules: [rule] }))).toMatchObject([{ fields: ["beams"] }]);
  });

  test("without rules for the section, too", () => {
    expect(findGaps({ ...quiet, said: [said] }, () => undefined)).toMatchObject([{ entry: null }]);
  });

  test("the class of a warning", () => {
    const warning = { ...said, channel: "warning", category: "FutureWarning" } as const;
    expect(findGaps({ ...quiet, said: [warning] }, knows())).toMatchObject([{ exception: "FutureWarning" }]);
  });

  test("what names no key counts only from the class itself, and then for all keys", () => {
    const nameless = { ...said, fields: [] };
    const elsewhere = { ...nameless, place: { ...place, qualname: "generate" } };
    const gaps = findGaps({ ...quiet, said: [nameless, elsewhere] }, knows());
    expect(gaps).toMatchObject([{ fields: ["temperature", "beams"], place }]);
  });
});

describe("refused", () => {
  test("with the exception's class, the fields that it names, and its place", () => {
    const refusal = { section: "sampling", fields: ["beams"], place, exception: "ValueError" };
    expect(findGaps({ ...quiet, refusal }, knows())).toEqual([
      {
        kind: "refused",
        section: "sampling",
        entry: "e.Sampling",
        fields: ["beams"],
        given,
        place,
        exception: "ValueError",
      },
    ]);
  });

  test("all fields where it names none; nothing where none were given", () => {
    const refusal = { section: "sampling", fields: [], place: null, exception: "TypeError" };
    expect(findGaps({ ...quiet, refusal }, knows())).toMatchObject([{ fields: ["temperature", "beams"], place: null }]);
    expect(findGaps({ ...quiet, sections: { sampling: {} }, refusal }, knows())).toEqual([]);
  });
});

describe("changed", () => {
  const held = (values: object): Observed => ({ ...quiet, effective: { sampling: { ...given, ...values } } });

  test("a value that is neither the given nor the foreseen one", () => {
    expect(findGaps(held({ beams: 1 }), knows())).toMatchObject([
      { kind: "changed", fields: ["beams"], effective: { beams: 1 }, place: null, exception: null },
    ]);
    expect(findGaps(held({ beams: 1 }), knows({ effective: { beams: 4 } }))).toHaveLength(1);
  });

  test("not what the rules foresaw, nor what the engine was free to choose", () => {
    expect(findGaps(held({ beams: 1 }), knows({ effective: { beams: 1 } }))).toEqual([]);
    const free: Observed = {
      ...quiet,
      sections: { sampling: { dtype: "auto", seed: null } },
      effective: { sampling: { dtype: "float32", seed: 7 } },
    };
    expect(findGaps(free, knows())).toEqual([]);
  });

  test("not where there are no rules: what is reported may be another kind of thing", () => {
    expect(findGaps(held({ beams: 1 }), () => undefined)).toEqual([]);
  });
});
