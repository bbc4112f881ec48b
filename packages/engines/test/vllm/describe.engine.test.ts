import { readFileSync } from "node:fs";
import type { JsonObject } from "@lem/domain";
import { expect, it } from "vitest";
import { readEngineVersions } from "../../src/versions.ts";
import { temporaryFolder } from "../fixtures/real-engine.ts";
import { openEngine } from "./fixtures/engine.ts";

const { current, supported } = readEngineVersions("vllm");
const textOf = (version: string): string =>
  readFileSync(new URL(`../../../../corpora/vllm/${version}/schema.json`, import.meta.url), "utf8");

it(
  "the committed schema of the current version is what the installed engine describes",
  { timeout: 300_000 },
  async () => {
    const [folder, remove] = temporaryFolder();
    const session = await openEngine(folder);
    try {
      const described = await session.request("describe", {});
      expect({ schema_version: 1, ...described }).toEqual(JSON.parse(textOf(current)));
    } finally {
      await session.close();
      remove();
    }
  },
);

it.each(supported)("the schema of %s covers each section, and holds no text of others", (version) => {
  const { sections, engine_version } = JSON.parse(textOf(version)) as {
    sections: Record<string, JsonObject>;
    engine_version: string;
  };
  expect(engine_version).toBe(version);
  expect(Object.keys(sections)).toEqual(["engine", "sampling"]);
  for (const schema of Object.values(sections)) expect(schema["additionalProperties"]).toBe(false);
  expect(sections["sampling"]?.["properties"]).toMatchObject({
    top_k: { type: "integer" },
    stop: { anyOf: [{}, {}, {}] },
  });
  expect(sections["engine"]?.["properties"]).toMatchObject({ max_model_len: { type: ["integer", "null"] } });
  expect(sections["engine"]?.["properties"]).not.toHaveProperty("model");
  expect(textOf(version)).not.toMatch(/"(description|title)"/);
});
