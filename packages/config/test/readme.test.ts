import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { project } from "./support/project.ts";
import { examplesOf } from "./support/readme.ts";

const PACKAGE = join(import.meta.dirname, "..");
const README = join(PACKAGE, "README.md");

it.each(examplesOf(readFileSync(README, "utf8")))(
  "the example of %s runs, and prints what it says",
  (_, code, printed) => {
    const cwd = project({ "experiment.yaml": "engine: transformers\n" });
    const program = `process.chdir(${JSON.stringify(cwd)});\n${code}`;
    const args = ["--input-type=module-typescript", "-e", program];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: PACKAGE, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(status).toBe(0);
    for (const line of printed) expect(stdout.split("\n")).toContain(line);
  },
);
