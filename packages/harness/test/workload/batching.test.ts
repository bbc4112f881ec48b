import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupRequests, paddedTokens, type GroupingRule } from "../../src/workload/batching.ts";

const rule: GroupingRule = { batching: "static", batch_size: 3, max_batch_tokens: 60, output_tokens: 10 };
const itself = (length: number): number => length;

describe("groupRequests", () => {
  it("cuts static groups in the order of submission", () => {
    expect(groupRequests([5, 1, 4, 2], itself, rule)).toEqual([[5, 1, 4], [2]]);
  });

  it("puts the longest inputs first when sorted", () => {
    expect(groupRequests([1, 5, 2, 4], itself, { ...rule, batching: "sorted" })).toEqual([[5, 4, 2], [1]]);
  });

  it("fills dynamic groups up to the padded budget", () => {
    expect(groupRequests([10, 10, 10, 20, 20, 5], itself, { ...rule, batching: "dynamic" })).toEqual([
      [10, 10, 10],
      [20, 20],
      [5],
    ]);
  });

  it("refuses a request above the budget", () => {
    const grouping = (): unknown => groupRequests([51], itself, { ...rule, batching: "dynamic" });
    expect(grouping).toThrow(expect.objectContaining({ code: "config.conflict", hint: expect.stringContaining("61") }));
  });

  it.each(["static", "sorted", "dynamic"] as const)("holds each request once and its bounds: %s", (batching) => {
    const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        lengths,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 50, max: 300 }),
        (inputs, size, budget) => {
          const own: GroupingRule = { batching, batch_size: size, max_batch_tokens: budget, output_tokens: 10 };
          const items = inputs.map((length, index) => ({ length, index }));
          const groups = groupRequests(items, ({ length }) => length, own);
          const seen = groups.flat().map(({ index }) => index);
          expect(
            groups.filter(
              (group) =>
                !isWithinBounds(
                  group.map(({ length }) => length),
                  own,
                ),
            ),
          ).toEqual([]);
          const order = batching === "sorted" ? seen.toSorted((a, b) => a - b) : seen;
          expect(order).toEqual(items.map(({ index }) => index));
        },
      ),
      { seed: 11, numRuns: 150 },
    );
  });

  it("opens a new dynamic group only when the next request does not fit", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 60 }), (inputs) => {
        const groups = groupRequests(inputs, itself, { ...rule, batching: "dynamic", max_batch_tokens: 100 });
        groups.slice(1).forEach((group, index) => {
          const widened = [...(groups[index] ?? []), group[0] ?? 0];
          expect(paddedTokens(widened.length, Math.max(...widened), rule.output_tokens)).toBeGreaterThan(100);
        });
      }),
      { seed: 12, numRuns: 150 },
    );
  });
});

function isWithinBounds(group: readonly number[], own: GroupingRule): boolean {
  if (own.batching !== "dynamic") return group.length <= own.batch_size;
  return paddedTokens(group.length, Math.max(...group), own.output_tokens) <= own.max_batch_tokens;
}
