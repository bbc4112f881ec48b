import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { orderRuns, type OrderSettings } from "../../src/order/order.ts";
import { squareRow, squareRows } from "../../src/order/latin-square.ts";
import type { PlannedPoint } from "../../src/plan/plan.ts";

/** Each letter is a load; a capital one is of other work. */
const pointsOf = (loads: string): PlannedPoint[] =>
  loads.split("").map((key, index) => {
    const [loadKey, workKey] = [key.toLowerCase(), key === key.toLowerCase() ? "small" : "large"];
    return { id: `p${index}`, engine: "llama-cpp", label: "", loadKey, workKey };
  });

const ORDERS: readonly OrderSettings["order"][] = ["sequential", "interleaved", "shuffled", "grouped", "latin-square"];

/** `0.1 1.1`: point and cycle of each run. */
const shown = (loads: string, settings: Partial<OrderSettings>): string =>
  orderRuns(pointsOf(loads), { cycles: 2, order: "interleaved", seed: 1, ...settings })
    .map(({ point, cycle }) => `${point}.${cycle}`)
    .join(" ");

const settings = fc.record({
  order: fc.constantFrom(...ORDERS),
  cycles: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(),
});
const loads = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom("a", "b", "c") });

describe("every order", () => {
  it("runs each point once in each cycle, numbers the runs, and is the same for the same seed", () => {
    fc.assert(
      fc.property(loads, settings, (keys, chosen) => {
        const runs = orderRuns(pointsOf(keys), chosen);
        expect(runs.map(({ index }) => index)).toEqual(runs.map((_, index) => index));
        const names = new Set(runs.map(({ point, cycle }) => `${point} ${cycle}`));
        expect(names.size).toBe(keys.length * chosen.cycles);
        expect(runs).toHaveLength(names.size);
        expect(orderRuns(pointsOf(keys), chosen)).toEqual(runs);
      }),
      { seed: 6 },
    );
  });

  it("ends one cycle before the next, unless it is sequential", () => {
    fc.assert(
      fc.property(loads, settings, (keys, chosen) => {
        fc.pre(chosen.order !== "sequential");
        const cycles = orderRuns(pointsOf(keys), chosen).map(({ cycle }) => cycle);
        expect(cycles).toEqual(cycles.toSorted((a, b) => a - b));
      }),
      { seed: 6 },
    );
  });

  it.each(ORDERS)("has nothing to order where there is no point: %s", (order) => {
    expect(shown("", { order })).toBe("");
  });
});

it("is sequential with all cycles of one point before the next one", () => {
  expect(shown("aa", { order: "sequential", cycles: 3 })).toBe("0.1 0.2 0.3 1.1 1.2 1.3");
});

it("is grouped by load, and within a load by the amount of work", () => {
  expect(shown("aAbaAB", { order: "grouped", cycles: 1 })).toBe("0.1 3.1 1.1 4.1 2.1 5.1");
});

it("is interleaved as declared, cycle by cycle", () => {
  expect(shown("aba", {})).toBe("0.1 1.1 2.1 0.2 1.2 2.2");
});

it("is shuffled anew in each cycle, by the seed", () => {
  const loadsOfTen = "a".repeat(10);
  const [first = "", second = ""] = [1, 2].map((cycle) =>
    shown(loadsOfTen, { order: "shuffled" })
      .split(" ")
      .filter((run) => run.endsWith(`.${cycle}`))
      .map((run) => run.split(".")[0])
      .join(" "),
  );
  expect(first).not.toBe(second);
  expect(shown(loadsOfTen, { order: "shuffled", seed: 2 })).not.toBe(shown(loadsOfTen, { order: "shuffled" }));
});

it("is grouped so that a cycle begins with the load that the one before ended with", () => {
  expect(shown("abab", { order: "grouped", cycles: 3 })).toBe("0.1 2.1 1.1 3.1 1.2 3.2 0.2 2.2 0.3 2.3 1.3 3.3");
});

/** How often each pair of neighbours comes in a list of rows. */
function neighbours(rows: readonly (readonly number[])[]): Map<string, number> {
  const pairs = rows.flatMap((row) => row.slice(1).map((point, place) => `${row[place]} ${point}`));
  return new Map(Object.entries(Object.groupBy(pairs, (pair) => pair)).map(([pair, all]) => [pair, all?.length ?? 0]));
}

describe("a balanced square", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15])(
    "of %i has each number at each place, and after each other, equally often",
    (size) => {
      const rows = Array.from({ length: squareRows(size) }, (_, row) => squareRow(size, row));
      const times = size % 2 === 0 ? 1 : 2;
      for (let place = 0; place < size; place++) {
        const column = rows.map((row) => row[place]);
        for (let number = 0; number < size; number++)
          expect(column.filter((held) => held === number)).toHaveLength(times);
      }
      const pairs = neighbours(rows);
      expect(pairs.size).toBe(size * (size - 1));
      expect(new Set(pairs.values())).toEqual(new Set(size === 1 ? [] : [times]));
    },
  );

  it("keeps its balance under the seed's names and rows, over as many cycles as it has rows", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 9 }), fc.nat(), (size, seed) => {
        const cycles = squareRows(size);
        const runs = orderRuns(pointsOf("a".repeat(size)), { cycles, order: "latin-square", seed });
        const rows = Array.from({ length: cycles }, (_, row) =>
          runs.slice(row * size, (row + 1) * size).map(({ point }) => point),
        );
        expect(new Set(neighbours(rows).values()).size).toBe(1);
        expect(neighbours(rows).size).toBe(size * (size - 1));
      }),
      { seed: 6 },
    );
  });
});
