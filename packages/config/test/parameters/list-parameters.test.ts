import type { JsonObject } from "@lem/domain";
import { describe, expect, it } from "vitest";
import type { ParameterSchema } from "../../src/corpora.ts";
import type { ClassSchemas } from "../../src/parameters/class-schema.ts";
import { classParameters, listParameters } from "../../src/parameters/list-parameters.ts";
import { rule, rulesOf } from "../corpus/support.ts";

const branch = (method: string, names: readonly string[]): JsonObject =>
  JSON.parse(
    `{"if": {"properties": {"kind": {"const": "${method}"}}}, "then": {"properties": {${["kind", ...names].map((name) => `"${name}": {}`).join()}}}}`,
  ) as JsonObject;

const schema: ParameterSchema = {
  engine: "vllm",
  engine_version: "1.0",
  sections: {
    one: {
      type: "object",
      properties: { a: { type: "integer" }, table: { type: "object", properties: { x: {} }, deprecated: true } },
      required: ["a"],
    },
    several: {
      type: "object",
      properties: { kind: { enum: ["p", "q"] }, bits: { type: "integer" }, own: { type: "number" } },
      allOf: [branch("p", ["bits", "own"]), branch("q", ["bits"])],
    },
  },
  defaults: { one: { a: 1 }, several: { p: { bits: 4, own: 1 }, q: { bits: 8 } } },
  left_out: { one: { model: "decided-by-lem", callback: "not-data" } },
};
const classes: ClassSchemas = {
  schema_version: 1,
  engine: "vllm",
  engine_version: "1.0",
  classes: {
    "x.C": {
      family: "dataclass",
      unknown_keys: "reject",
      parameters: {
        a: { schema: { type: "integer" }, default: 1, description_sha256: "ab" },
        model: { schema: { type: "string" }, required: true },
      },
    },
  },
  unavailable: [],
};
const rules = rulesOf(
  {
    defaults: { a: 1 },
    rules: [
      rule("x.C.a.warn-1", "warn", { eq: [{ f: "a" }, 3] }),
      rule("x.C.a.error-1", "error", { lt: [{ f: "a" }, 1] }),
    ],
  },
  { sections: { one: "x.C" } },
);

describe("the parameters of an engine", () => {
  const found = listParameters({ schema, rules, classes });
  const named = (section: string, name: string) => found.find((each) => each.section === section && each.name === name);

  it("are every key of every section, and every public name that is left out, with its reason", () => {
    expect(found.map(({ section, name, left_out }) => [section, name, left_out].join(" ").trim())).toEqual([
      "one a",
      "one table",
      "one model decided-by-lem",
      "one callback not-data",
      "several kind",
      "several bits",
      "several own",
    ]);
  });

  it("have what schema, rules and class say of them", () => {
    expect(named("one", "a")).toMatchObject({
      type: "integer",
      bounds: ">= 1",
      default: 1,
      required: true,
      classes: ["x.C"],
      rules: [
        { id: "x.C.a.error-1", severity: "error" },
        { id: "x.C.a.warn-1", severity: "warn" },
      ],
      description_sha256: "ab",
    });
    expect(named("one", "table")).toMatchObject({
      type: "map",
      keys: ["x"],
      default: undefined,
      rules: [],
      deprecated: true,
    });
    expect(named("one", "model")).toMatchObject({ type: "text" });
  });

  it("of a section of several classes say which ones take them, and a default that these share", () => {
    expect(named("several", "bits")).toMatchObject({ methods: [], default: undefined });
    expect(named("several", "own")).toMatchObject({ methods: ["p"], default: 1 });
    expect(named("several", "kind")).toMatchObject({ choices: ["p", "q"] });
  });

  it("are those of a class where one is asked for", () => {
    expect(classParameters({ schema, rules, classes }, "x.C")?.map(({ name, bounds }) => [name, bounds])).toEqual([
      ["a", ">= 1"],
      ["model", ""],
    ]);
    expect(classParameters({ schema, rules, classes }, "x.D")).toBeUndefined();
  });

  it("have no default that the rules refuse to be given", () => {
    const strict = rulesOf(
      { defaults: { a: 1 }, rules: [rule("x.C.a.error-2", "error", { not: { type: [{ f: "a" }, "str"] } })] },
      { sections: { one: "x.C" } },
    );
    const [a] = listParameters({ schema, rules: strict, classes });
    expect(a).toMatchObject({ name: "a", default: undefined });
  });

  it("need no rules and no classes", () => {
    expect(listParameters({ schema, rules: undefined, classes: undefined })).toHaveLength(7);
    expect(listParameters({ schema: undefined, rules, classes })).toEqual([]);
  });
});
