import type { JsonObject } from "@lem/domain";
import { expect, it } from "vitest";
import { loadParameterSchema } from "@lem/config";
import { readEngineVersions } from "../../src/versions.ts";
import { engineScript } from "./fixtures/engine.ts";

const found = loadParameterSchema("transformers", { version: readEngineVersions("transformers").current });
if (found.status !== "exact") throw new Error("no schema of the current version");
const { sections, left_out } = found.schema;

/** What a section takes; of quantisation what the class of one method takes. */
function offered(section: string): readonly string[] {
  const [name = "", method] = section.split(" ");
  const schema = method === undefined ? sections[name] : ruleOf(sections[name] ?? {}, method);
  return Object.keys({ ...(schema?.["properties"] as object), ...left_out[name] });
}

const ruleOf = (schema: JsonObject, method: string): JsonObject | undefined =>
  (schema["allOf"] as { if: { properties: { quant_method: { const: string } } }; then: JsonObject }[]).find(
    (rule) => rule.if.properties.quant_method.const === method,
  )?.then;

it(
  "every public keyword of the installed classes is in its section, or said to be left out",
  { timeout: 300_000 },
  async () => {
    const real = await engineScript<Record<string, string[]>>("public_fields.py", []);
    expect(Object.keys(real).length).toBeGreaterThan(20);
    for (const [section, names] of Object.entries(real)) {
      const told = new Set(offered(section));
      expect([section, names.filter((name) => !name.startsWith("_") && !told.has(name))]).toEqual([section, []]);
    }
    for (const section of ["generation", "load"])
      expect(offered(section).filter((name) => !real[section]?.includes(name))).toEqual([]);
  },
);
