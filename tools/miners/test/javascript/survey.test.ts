import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileTruth, decodeValue, SlotTable, type Expr } from "@lem/config/invariants";
import { expect, it } from "vitest";
import { describeOptions } from "../../src/javascript/declarations.ts";
import { openPackage, surveyOptions } from "../../src/javascript/survey.ts";
import { TOY, toyPackage } from "./toy-target.ts";

const surveyed = await surveyOptions(openPackage(TOY, toyPackage().tree), {
  resolve: (paths) =>
    Promise.resolve(
      paths.map((path) =>
        path === "press.speed" ? { kind: "value", value: 3 } : { kind: "unavailable", reason: "not there" },
      ),
    ),
});
const [model] = surveyed.models;

function holds(when: Expr, given: Readonly<Record<string, unknown>>): unknown {
  const slots = new SlotTable();
  const declared = new Map(Object.entries(given).map(([name, value]) => [name, decodeValue(value)]));
  const defaults = new Map((model?.parameters ?? []).map(({ name }) => [name, null]));
  return compileTruth(when, { slots })(slots.frame({ declared, defaults, facts: new Map([["press.speed", 3]]) }));
}

const PROGRAM = readFileSync(join(toyPackage().folder, "dist/press.js"), "utf8").split("\n");

const conditionAt = (words: string): Expr => {
  const line = PROGRAM.findIndex((text) => text.includes(words)) + 1;
  const found = model?.candidates.filter(({ place }) => place.kind === "site" && place.line === line) ?? [];
  if (found.length === 0) throw new Error(`nothing at ${words}`);
  return { op: "any", args: found.map(({ when }) => when) };
};

it("a refusal is reached where the branches before it were not taken", () => {
  const paper = conditionAt("no such paper");
  expect(holds(paper, { paper: "A3" })).toBe(true);
  expect(holds(paper, { paper: true })).toBe(true);
  for (const fine of [{}, { paper: null }, { paper: "auto" }, { paper: 3 }]) expect(holds(paper, fine)).toBe(false);
});

it("a value of the running engine is a fact", () => {
  const large = conditionAt("too large");
  expect(holds(large, { paper: 1537 })).toBe(true);
  expect(holds(large, { paper: 1536 })).toBe(false);
  expect(model?.facts).toEqual({ "press.speed": 3 });
});

it("null is no missing key: a pattern with a default refuses it", () => {
  const margins = conditionAt("margins: { left");
  expect(holds(margins, { margins: null })).toBe(true);
  expect(holds(margins, {})).toBe(false);
  expect(holds(margins, { margins: {} })).toBe(false);
});

it("what a loop does to any item of a user's list is said of the list, and what is no list has no items", () => {
  const item = conditionAt("a page is a number");
  for (const [pages, refused] of [
    [[{ from: 1 }], false],
    [[], false],
    [[{ from: 1 }, { from: "x" }], true],
    [[{}], true],
    [[3], true],
  ] as const)
    expect(holds(item, { pages }), JSON.stringify(pages)).toBe(refused);
  const list = conditionAt("of options.pages");
  expect([holds(list, { pages: 3 }), holds(list, { pages: [null] }), holds(list, { pages: [] })]).toEqual([
    true,
    true,
    false,
  ]);
});

it("what the first round of a loop leaves by a break is known after it", () => {
  const wide = conditionAt("nothing is that wide");
  for (const [width, refused] of [
    [{ min: 3, max: 5 }, false],
    [{ min: 5, max: 5 }, false],
    [{ min: 5, max: 3 }, true],
    [{ min: 1, max: { $py: "float", value: "nan" } }, true],
  ] as const)
    expect(holds(wide, { width: { $py: "dict", value: Object.entries(width) } }), JSON.stringify(width)).toBe(refused);
});

it("that native code is handed no number is worth trying, a key at a time", () => {
  const [when, ...others] = surveyed.notNumbers.get("toy-node.PrintOptions") ?? [];
  expect(others).toEqual([]);
  const nan = (copies: unknown): unknown => when && holds(when, { copies });
  expect(["x", "auto2", ["x"], [1, 2], { $py: "dict", value: [] }].map(nan)).toEqual([true, true, true, true, true]);
  expect([1, "12", " ", [], [3], ["4"], null, true].map(nan)).toEqual(Array.from({ length: 8 }, () => false));
});

it("what native code demands is said over the options, and true is no number", () => {
  const right = model?.candidates.find(({ place }) => place.kind === "site" && place.qualname === "Bed::Bed.right");
  if (right === undefined) throw new Error("no demand");
  const margins = (value: unknown): unknown => holds(right.when, { margins: { right: value } });
  expect([margins(2), margins(0.5), margins(null)].map((each) => each === true)).toEqual([false, false, false]);
  expect([margins("x"), margins(true), margins([])]).toEqual([true, true, true]);
  expect(holds(right.when, { margins: { left: null, right: "x" } }), "left is dropped, so right is not looked at").toBe(
    false,
  );
});

it("declared keys that YAML can say are parameters, with what their comment states", () => {
  const { parameters } = describeOptions(toyPackage().tree, TOY.options[0] as never);
  expect(parameters.map(({ name }) => name)).toEqual([
    "copies",
    "paper",
    "ink",
    "margins",
    "font",
    "pages",
    "width",
    "jam",
  ]);
  expect(parameters[0]?.default).toBe(2);
});

it("every site of the ledger has a finding, and no line is part of its name", () => {
  const { sites } = surveyed.ledger;
  expect(new Set(sites.map(({ id }) => id)).size).toBe(sites.length);
  expect(new Set(model?.findings.map(({ site }) => site))).toEqual(new Set(sites.map(({ id }) => id)));
});
