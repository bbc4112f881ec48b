/** Writes every generated file, or with `--check` fails when one is stale. Each package keeps its own generators. */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const flags = process.argv.includes("--check") ? ["--check"] : [];
const generators = globSync("packages/*/scripts/generate-*.ts", { cwd: root }).toSorted();

for (const generator of generators) {
  const { status } = spawnSync(process.execPath, [generator, ...flags], { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
if (generators.length === 0) process.exitCode = 1;
