import { readFileSync } from "node:fs";
import type { JsonObject } from "@lem/domain";
import { expect, it } from "vitest";
import { readEngineVersions } from "../../src/versions.ts";
import { openEngine, temporaryFolder } from "./fixtures/engine.ts";

it(
  "the committed schema of the current version is what the installed engine describes",
  { timeout: 300_000 },
  async () => {
    const [folder, remove] = temporaryFolder();
    const session = await openEngine(folder);
    try {
      const described = await session.request("describe", {});
      const { current } = readEngineVersions("transformers");
      const file = new URL(`../../../../corpora/transformers/${current}/schema.json`, import.meta.url);
      expect({ schema_version: 1, ...described }).toEqual(JSON.parse(readFileSync(file, "utf8")));
    } finally {
      await session.close();
      remove();
    }
  },
);

const { supported } = readEngineVersions("transformers");

it.each(supported)("the schema of %s covers each section, and holds no text of others", (version) => {
  const file = new URL(`../../../../corpora/transformers/${version}/schema.json`, import.meta.url);
  const text = readFileSync(file, "utf8");
  const { sections, engine_version } = JSON.parse(text) as {
    sections: Record<string, JsonObject>;
    engine_version: string;
  };
  expect(engine_version).toBe(version);
  expect(Object.keys(sections)).toEqual(["adapter", "compile", "generation", "load", "quantization", "tokenizer"]);
  for (const schema of Object.values(sections)) expect(schema["additionalProperties"]).toBe(false);
  expect(sections["generation"]?.["properties"]).toMatchObject({ top_k: { type: ["integer", "null"] } });
  expect(sections["load"]?.["properties"]).toMatchObject({ dtype: {}, attn_implementation: {}, device_map: {} });
  expect(text).not.toMatch(/"description"|"title"/);
  const { descriptions } = JSON.parse(text) as { descriptions: Record<string, Record<string, string>> };
  expect(descriptions["load"]?.["attn_implementation"]).toMatch(/^[0-9a-f]{64}$/);
});
