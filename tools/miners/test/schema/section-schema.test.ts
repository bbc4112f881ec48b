import type { ClassSchema } from "@lem/config/parameters";
import { describe, expect, it } from "vitest";
import { sectionSchemas } from "../../src/schema/section-schema.ts";
import { fixtureTarget } from "../memory-tree.ts";

const cls = (parameters: ClassSchema["parameters"], more: Partial<ClassSchema> = {}): ClassSchema => ({
  family: "pydantic-model",
  place: { path: "p/inner/__init__.py", line: 1 },
  unknown_keys: "reject",
  parameters,
  ...more,
});
const classes = {
  "p.Args": cls({
    model: { schema: { type: "string" }, required: true },
    size: { schema: { type: "integer" }, default: 3 },
    share: { schema: { type: "number" }, default: { $py: "float", value: "0.5" } },
    cache: { schema: { anyOf: [{ class: "p.inner.Cache" }, { type: "null" }] }, default: null },
    caches: { schema: { type: "array", items: { class: "p.inner.Cache" } } },
    other: { schema: { class: "p.native.Cache" } },
  }),
  "p.public.Cache": cls({ tokens: { schema: { type: "integer" }, required: true } }),
  "p.Sampling": cls({ guide: { schema: { class: "p.inner.Cache" } } }, { family: "dataclass", unknown_keys: "accept" }),
};
const target = {
  ...fixtureTarget("p.Args"),
  sections: { engine: "p.Args", sampling: "p.Sampling", none: "p.Missing" },
  fixtures: { "p.Args": { model: "m" } },
};
const made = sectionSchemas(target, { schema_version: 1, engine: "e", engine_version: "1", classes, unavailable: [] });

describe("the parameter schema of sections", () => {
  it("has the keywords of their classes, those of models inside too, and none that come from elsewhere", () => {
    const cache = {
      type: "object",
      properties: { tokens: { type: "integer" } },
      additionalProperties: false,
      required: ["tokens"],
    };
    expect(made).toMatchObject({
      engine: "e",
      engine_version: "1",
      sections: {
        engine: {
          type: "object",
          additionalProperties: false,
          properties: {
            size: { type: "integer" },
            share: { type: "number" },
            cache: { anyOf: [cache, { type: "null" }] },
            caches: { type: "array", items: cache },
            other: {},
          },
        },
      },
      left_out: { engine: { model: "decided-by-lem" }, sampling: {} },
    });
    const sections = made["sections"] as Record<string, { readonly properties: object }>;
    expect(Object.keys(sections)).toEqual(["engine", "sampling"]);
    expect(sections["engine"]?.properties).not.toHaveProperty("model");
    expect(sections["engine"]).not.toHaveProperty("required");
  });

  it("says nothing of an object that its class makes no map of", () => {
    expect(made["sections"]).toMatchObject({ sampling: { properties: { guide: {} } } });
    expect((made["sections"] as Record<string, object>)["sampling"]).not.toHaveProperty("additionalProperties");
  });

  it("has the defaults that a file could hold", () => {
    expect(made["defaults"]).toEqual({ engine: { size: 3, share: 0.5 }, sampling: {} });
  });
});
