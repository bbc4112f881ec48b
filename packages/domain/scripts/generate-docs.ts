/** Writes docs/metrics.md and docs/errors.md from the tables of this package, or with --check fails when one is stale. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { docsPages } from "./docs-pages.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "docs");
const check = process.argv.includes("--check");

if (!check) mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(docsPages())) {
  const file = join(folder, name);
  if (!check) writeFileSync(file, text);
  else if (!existsSync(file) || readFileSync(file, "utf8") !== text) {
    console.error(`docs/${name} is stale: pnpm generate`);
    process.exitCode = 1;
  }
}
