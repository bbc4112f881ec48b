import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, it } from "vitest";
import { experimentJsonSchema, keysAt, listFields } from "../../src/schema/fields.ts";
import { checkWritten } from "../../src/schema/check.ts";
import { emptyMap, toJson } from "../../src/yaml/located.ts";
import { parseValue } from "../../src/yaml/parse.ts";
import { check, present } from "../support/project.ts";

it("every field says what it means", () => {
  expect(
    listFields()
      .filter(({ description }) => description.length < 10)
      .map(({ path }) => path),
  ).toEqual([]);
});

it("the documented defaults are those that hold", async () => {
  const { resolution } = await check("model: smollm2-135m\n");
  const execution = checkWritten(emptyMap("default")).parsed?.execution;
  const resolved = { ...resolution?.experiment, execution } as unknown as Record<string, unknown>;
  const at = (path: string): unknown =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], resolved);
  const documented = listFields().filter((field) => field.default !== undefined);
  expect(documented.length).toBeGreaterThan(15);
  for (const field of documented) expect([field.path, at(field.path)]).toEqual([field.path, field.default]);
});

it("keys are known inside alternatives too", () => {
  expect(keysAt(["workload", "prompts"])).toEqual(["file", "field"]);
  expect(keysAt(["workload", "lengths"])).toEqual(["kind", "value", "min", "max", "mean", "sigma"]);
  expect(keysAt(["transformers", "generation"])).toEqual([]);
});

it.each([
  ["{model: m, workload: {n: 3, lengths: 8}}", true],
  ["{workload: {lengths: {kind: uniform, min: 1, max: 2}}}", true],
  ["{workload: {nn: 3}}", false],
  ["{engine: vllm, vllm: {sampling: {any: 1}}}", true],
  ["{engine: nope}", false],
])("the editor's schema and the check agree on %s", async (text, good) => {
  const value = present(parseValue(text).value);
  expect(new Ajv2020({ strict: false }).validate(experimentJsonSchema(), toJson(value))).toBe(good);
  expect((await check(text)).resolution !== undefined).toBe(good);
});
