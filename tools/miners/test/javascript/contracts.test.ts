import { expect, it } from "vitest";
import { readContracts } from "../../src/javascript/native/contracts.ts";
import { toyPackage } from "./toy-target.ts";

const contracts = readContracts(toyPackage().tree);

it("a conversion demands a type of a property that is there", () => {
  const demands = contracts.get("Bed.constructor") ?? [];
  expect(demands.find(({ property }) => property === "copies")).toMatchObject({
    argument: 1,
    type: "number",
    line: 7,
    guards: [{ kind: "has", property: "copies", holds: true }],
  });
});

it("what an earlier part of a chain decides is a condition of the later one", () => {
  const dry = contracts.get("Bed.constructor")?.find(({ property }) => property === "dry");
  expect(dry?.guards).toContainEqual({ kind: "true", argument: 1, property: "wet", holds: false });
});

it("a look at the type makes a conversion harmless, and its opposite does not", () => {
  const ink = (contracts.get("Bed.constructor") ?? []).filter(({ property }) => property === "ink");
  expect(ink.map(({ line }) => line)).toEqual([16]);
  expect(ink[0]?.guards).toContainEqual({ kind: "equals", argument: 1, property: "ink", text: "auto", holds: false });
});

it("a condition before a question mark counts", () => {
  const right = contracts.get("Bed.constructor")?.find(({ property }) => property === "right");
  expect(right?.guards.map((guard) => ("property" in guard ? guard.property : guard.kind))).toEqual(["left", "right"]);
});

it("methods go by the names that JavaScript knows", () => {
  expect(contracts.get("Bed.fill")).toMatchObject([{ argument: 0, property: null, type: "number" }]);
});
