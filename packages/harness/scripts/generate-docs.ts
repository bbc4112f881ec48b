/** Writes docs/quality.md from the rules of this package, or with --check fails when it is stale. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { qualityPage } from "./quality-page.ts";

const file = join(import.meta.dirname, "..", "..", "..", "docs", "quality.md");

if (!process.argv.includes("--check")) writeFileSync(file, qualityPage());
else if (!existsSync(file) || readFileSync(file, "utf8") !== qualityPage()) {
  console.error("docs/quality.md is stale: pnpm generate");
  process.exitCode = 1;
}
