import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { project } from "./support/project.ts";
import { examplesOf } from "./support/readme.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const BIN = join(ROOT, "node_modules", ".bin");
const PACKED = ["packages/domain", "packages/config", "corpora"];
const { packageManager } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { packageManager: string };

function run(cwd: string, file: string, ...args: readonly string[]): string {
  const env = { ...process.env, CI: "1" };
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: "utf8", env });
  expect(status, `${file} ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
  return stdout;
}

const pnpm = (cwd: string, ...args: readonly string[]): string => run(cwd, "npx", "--yes", packageManager, ...args);

/** Builds and packs the packages; `name: file:tarball` of each. */
function packed(into: string): Readonly<Record<string, string>> {
  for (const folder of PACKED.slice(0, 2)) run(join(ROOT, folder), join(BIN, "tsc"), "-p", "tsconfig.build.json");
  for (const folder of PACKED) pnpm(join(ROOT, folder), "pack", "--pack-destination", into);
  const tarballs = readdirSync(into).filter((name) => name.endsWith(".tgz"));
  return Object.fromEntries(
    tarballs.map((name) => [`@lem/${basename(name).split("-")[1]}`, `file:${join(into, name)}`]),
  );
}

it(
  "the packed package and corpora, installed in an empty project, run the README's examples",
  { timeout: 120_000 },
  () => {
    const folder = project({ "app/experiment.yaml": "engine: transformers\n" });
    const app = join(folder, "app");
    const tarballs = packed(folder);
    const dependencies = { "@lem/config": tarballs["@lem/config"] };
    writeFileSync(
      join(app, "package.json"),
      JSON.stringify({ name: "app", type: "module", private: true, dependencies }),
    );
    writeFileSync(join(app, "pnpm-workspace.yaml"), JSON.stringify({ overrides: tarballs }));
    pnpm(app, "install", "--prefer-offline", "--ignore-scripts");
    for (const [imports, code, printed] of examplesOf(readFileSync(join(ROOT, "packages/config/README.md"), "utf8"))) {
      writeFileSync(join(app, "example.mjs"), code);
      const lines = run(app, process.execPath, "example.mjs").split("\n");
      for (const line of printed) expect(lines, imports).toContain(line);
    }
  },
);
