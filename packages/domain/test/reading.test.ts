import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isAvailable,
  measured,
  modelled,
  ratioOf,
  unavailable,
  UNAVAILABLE_REASONS,
  type Reading,
} from "../src/reading.ts";

const as = { unit: "J/token", source: "energy / tokens" } as const;
const energy = measured({
  value: 10,
  unit: "J",
  source: "sensor",
  systematic: { relative: 0.05, source: "gain" },
  n: 3,
});
const tokens = measured({ value: 4, unit: "token", source: "engine" });
const missing = unavailable("no-sensor", "no power sensor here");

const readings: fc.Arbitrary<Reading> = fc.oneof(
  fc.double({ noNaN: true }).map((value) => measured({ value, unit: "J", source: "sensor" })),
  fc.double({ noNaN: true }).map((value) => modelled({ value, unit: "J", source: "formula" })),
  fc.constantFrom(...UNAVAILABLE_REASONS).map((reason) => unavailable(reason, `because of ${reason}`)),
);

describe("quotient of two readings", () => {
  it("is the quotient of their values, with its own unit and source", () => {
    const ratio = ratioOf(energy, tokens, as);
    expect(ratio).toEqual({ status: "measured", value: 2.5, ...as, systematic: { relative: 0.05, source: "gain" } });
  });

  it("is modelled as soon as one part is", () => {
    const model = modelled({ value: 2, unit: "token", source: "formula" });
    expect([ratioOf(energy, model, as).status, ratioOf(model, tokens, as).status]).toEqual(["modelled", "modelled"]);
  });

  it("keeps what is missing, with its reason", () => {
    const other = unavailable("no-permission", "another");
    expect([ratioOf(missing, tokens, as), ratioOf(energy, missing, as), ratioOf(missing, other, as)]).toEqual([
      missing,
      missing,
      missing,
    ]);
  });

  it.each([0, -0])("over %d is not applicable, whatever is divided", (zero) => {
    const none = measured({ value: zero, unit: "token", source: "engine" });
    const quotients = [energy, none].map((top) => ratioOf(top, none, as));
    expect(quotients).toEqual(
      Array(2).fill(expect.objectContaining({ status: "unavailable", reason: "not-applicable" })),
    );
  });

  it("has the systematic error of the one part that has one, above or below", () => {
    const systematic = { relative: 0.05, source: "gain" };
    expect(ratioOf(energy, tokens, as)).toMatchObject({ systematic });
    expect(ratioOf(tokens, energy, { unit: "token/J", source: "tokens / energy" })).toMatchObject({
      value: 0.4,
      systematic,
    });
  });

  it("adds the systematic errors of its parts", () => {
    const clock = measured({ value: 2, unit: "s", source: "clock", systematic: { relative: 0.01, source: "drift" } });
    expect(ratioOf(energy, clock, as)).toMatchObject({
      systematic: { relative: expect.closeTo(0.06), source: "gain; drift" },
    });
  });

  it("is missing or a finite number, and missing as soon as one part is", () => {
    fc.assert(
      fc.property(readings, readings, (top, bottom) => {
        const ratio = ratioOf(top, bottom, as);
        expect(Number.isFinite(isAvailable(ratio) ? ratio.value : 0)).toBe(true);
        expect(isAvailable(ratio) && !(isAvailable(top) && isAvailable(bottom))).toBe(false);
      }),
      { seed: 20_261_122 },
    );
  });
});

describe("a missing reading", () => {
  it("has no value to be read by mistake", () => {
    expect(isAvailable(missing)).toBe(false);
    expect("value" in missing).toBe(false);
    // @ts-expect-error a reading may be missing: its value is asked for only behind isAvailable
    expect((missing as Reading).value).toBeUndefined();
  });

  it("takes its reason from a closed list", () => {
    // @ts-expect-error not a reason
    expect(unavailable("because", "no").reason).toBe("because");
    expect(new Set(UNAVAILABLE_REASONS).size).toBe(UNAVAILABLE_REASONS.length);
  });
});
