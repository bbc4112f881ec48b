/**
 * Writes every generated file, or with `--check` fails when one is stale. Each package keeps its own generators; the
 * schema of the embedded engine is described by its own worker. Schemas of engines in Python are held against the
 * installed engine by their tests.
 */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const flags = process.argv.includes("--check") ? ["--check"] : [];

const { dependencies } = JSON.parse(readFileSync(join(root, "packages/engines/package.json"), "utf8"));
const embedded = `corpora/llama-cpp/${dependencies["node-llama-cpp"]}/schema.json`;

const generators = globSync("{packages,tools}/*/scripts/generate-*.ts", { cwd: root })
  .toSorted()
  .map((script) => [script]);
generators.push(["packages/engines/scripts/describe-engine.ts", "--engine", "llama-cpp", "--out", embedded]);

for (const generator of generators) {
  const { status } = spawnSync(process.execPath, [...generator, ...flags], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
