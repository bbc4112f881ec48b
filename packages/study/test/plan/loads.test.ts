import { expect, it } from "vitest";
import type { ExecutionSettings } from "@lem/config";
import { loadsByPoint } from "../../src/plan/loads.ts";

const POINTS = ["a", "a", "b", "a", "b", "b"].map((loadKey) => ({ loadKey }));

const loads = (order: ExecutionSettings["order"], points = POINTS): number => {
  const of = loadsByPoint(points, order);
  return points.reduce((sum, _, place) => sum + of(place), 0);
};

it("grouped points load once for each load; in declared order, where it changes", () => {
  expect([loads("grouped"), loads("interleaved")]).toEqual([2, 4]);
});

it("where chance decides the order, loads are what is to be expected: one of six neighbours' pairs is alike twice in five", () => {
  expect(loads("shuffled")).toBe(loads("latin-square"));
  expect(loads("shuffled")).toBeCloseTo(1 + 5 * (1 - 2 / 5), 9);
});

it("a single load, and none alike", () => {
  expect(loads("shuffled", [{ loadKey: "a" }, { loadKey: "a" }])).toBe(1);
  expect(loads("grouped", [{ loadKey: "a" }, { loadKey: "b" }])).toBe(2);
});
