import { expect, it } from "vitest";
import { isFresh } from "../scripts/generated-file.ts";
import { jsonSchemaFile } from "../scripts/generate-json-schema.ts";
import { predicatesFile } from "../scripts/generate-predicates.ts";
import { referenceFile } from "../scripts/generate-reference.ts";

it("the committed editor schema is the schema of today", () => {
  expect(isFresh(jsonSchemaFile())).toBe(true);
});

it("the committed reference is the reference of today", () => {
  expect(isFresh(referenceFile())).toBe(true);
});

it("the committed reference of predicates is the one of today", () => {
  expect(isFresh(predicatesFile())).toBe(true);
});

it("a changed file is noticed", () => {
  expect(isFresh({ ...referenceFile(), text: `${referenceFile().text}x` })).toBe(false);
  expect(isFresh({ path: "/nowhere/at/all", text: "" })).toBe(false);
});
