/** Writes the published JSON Schema of result.json, or with --check fails when it is stale. */
import { readFileSync, writeFileSync } from "node:fs";
import { resultJsonSchema } from "../src/results/codec.ts";

const file = new URL("../schema/result.schema.json", import.meta.url);
const text = `${JSON.stringify(resultJsonSchema(), null, 2)}\n`;

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  console.error("packages/study/schema/result.schema.json is stale: pnpm generate");
  process.exitCode = 1;
}
