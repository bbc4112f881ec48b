import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { folderTree } from "../../src/source/folder.ts";
import type { SourceTree } from "../../src/source/source-tree.ts";
import type { Target } from "../../src/targets/target.ts";
import { allTargets } from "../../src/targets/targets.ts";
import { fixtureCases } from "../fixture-case.ts";
import { installedEngine } from "../installed-engine.ts";
import { inventoryOf } from "../inventory-of.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;
const SCRIPT = join(import.meta.dirname, "count_statements.py");

/** Holds the raise and assert sites of every reached function against CPython's count; gives the number of functions. */
async function crossCheck(folder: string, tree: SourceTree, target: Target): Promise<number> {
  const inventory = await inventoryOf(tree, target);
  const functions = inventory.map(({ reached: { fn } }) => [join(folder, fn.path), fn.qualname, fn.node.span.line]);
  const counted = JSON.parse(
    execFileSync("python3", [SCRIPT], { input: JSON.stringify(functions), encoding: "utf8" }),
  ) as number[][];
  for (const [at, { reached, sites }] of inventory.entries()) {
    const ours = ["raise", "assert"].map((kind) => sites.filter((site) => site.kind === kind).length);
    expect(ours, reached.fn.qualname).toEqual(counted[at]);
  }
  return inventory.length;
}

describe("raise and assert statements", () => {
  it.skipIf(!hasPython)("are all in the ledger, as CPython counts them in the fixtures [needs python3]", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lem-cross-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    let functions = 0;
    for (const { name, files, tree, target } of fixtureCases()) {
      if (name === "syntax/broken") continue;
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name, path)), { recursive: true });
        writeFileSync(join(folder, name, path), text);
      }
      functions += await crossCheck(join(folder, name), tree, target);
    }
    expect(functions).toBeGreaterThan(20);
  });

  it.each(
    allTargets()
      .map((target) => [target.engine, target] as const)
      .filter(([engine]) => installedEngine(engine)),
  )(
    "are all in the ledger of the installed %s [needs python3]",
    async (engine, target) => {
      const { sitePackages = "", version = "" } = installedEngine(engine) ?? {};
      const tree = folderTree({ folder: sitePackages, package: engine, version, root: target.root });
      expect(await crossCheck(sitePackages, tree, target)).toBeGreaterThanOrEqual(10);
    },
    120_000,
  );
});
