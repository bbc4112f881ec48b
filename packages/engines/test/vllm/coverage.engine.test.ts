import { expect, it } from "vitest";
import { loadParameterSchema } from "@lem/config";
import { readEngineVersions } from "../../src/versions.ts";
import { engineScript } from "./fixtures/engine.ts";

it(
  "every public field of the installed classes is in its section, or said to be left out",
  { timeout: 300_000 },
  async () => {
    const real = await engineScript<Record<string, string[]>>("public_fields.py", []);
    const found = loadParameterSchema("vllm", { version: readEngineVersions("vllm").current });
    if (found.status !== "exact") throw new Error("no schema of the current version");
    const { sections, left_out } = found.schema;
    for (const [section, names] of Object.entries(real)) {
      const told = Object.keys({ ...(sections[section]?.["properties"] as object), ...left_out[section] });
      expect(names.filter((name) => !name.startsWith("_"))).toEqual(told.toSorted());
    }
    expect(real["engine"]?.length).toBeGreaterThan(200);
  },
);
