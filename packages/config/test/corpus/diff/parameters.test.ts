import type { JsonValue } from "@lem/domain";
import { expect, it } from "vitest";
import { diffParameters } from "../../../src/corpus/diff/index.ts";
import type { ClassSchemas, ParameterOfClass } from "../../../src/parameters/class-schema.ts";

type Parameters = Readonly<Record<string, ParameterOfClass>>;

const schemas = (classes: Readonly<Record<string, Parameters>>): ClassSchemas => ({
  schema_version: 1,
  engine: "vllm",
  engine_version: "1.0",
  classes: Object.fromEntries(
    Object.entries(classes).map(([name, parameters]) => [
      name,
      { family: "dataclass", unknown_keys: "reject", parameters },
    ]),
  ),
  unavailable: [],
});

const int = (value?: JsonValue): ParameterOfClass => ({
  schema: { type: "integer" },
  ...(value === undefined ? {} : { default: value }),
});

it("tells of each keyword what is another than before", () => {
  const diff = diffParameters(
    schemas({ "x.C": { kept: int(1), other: int(1), gone: int(), typed: int(2), stated: int() }, "x.Old": {} }),
    schemas({
      "x.C": {
        kept: { ...int(1), description_sha256: "another text" },
        other: int(2),
        typed: { schema: { type: ["integer", "null"] }, default: 2 },
        stated: int(null),
        fresh: int(7),
      },
      "x.New": { a: int() },
    }),
  );
  expect(diff).toEqual({
    classes: { added: ["x.New"], removed: ["x.Old"] },
    added: [{ entry: "x.C", name: "fresh", schema: { type: "integer" }, default: 7 }],
    removed: [{ entry: "x.C", name: "gone" }],
    defaults: [
      { entry: "x.C", name: "other", before: 1, after: 2 },
      { entry: "x.C", name: "stated", before: undefined, after: null },
    ],
    types: [{ entry: "x.C", name: "typed", before: { type: "integer" }, after: { type: ["integer", "null"] } }],
  });
});
