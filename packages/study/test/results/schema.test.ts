import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resultJsonSchema } from "../../src/results/codec.ts";

test("the published JSON Schema is the one that the checks make", () => {
  const published = readFileSync(new URL("../../schema/result.schema.json", import.meta.url), "utf8");
  expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(resultJsonSchema())));
});
