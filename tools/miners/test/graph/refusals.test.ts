import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { folderTree } from "../../src/source/folder.ts";
import { takeLedger } from "../../src/take-ledger.ts";
import { methodsOf } from "../../src/targets/target.ts";
import { targetOf } from "../../src/targets/targets.ts";
import { installedEngine } from "../installed-engine.ts";
import { inventoryOf } from "../inventory-of.ts";

const SCRIPT = join(import.meta.dirname, "refusals.py");
const ENGINE = "transformers";
const installed = installedEngine(ENGINE);

interface Seen {
  readonly ran: readonly (readonly [path: string, qualname: string])[];
  readonly refusals: readonly (readonly [
    path: string,
    line: number,
    endLine: number,
    exception: string,
    count: number,
  ])[];
}

/** Functions that run without being called by a configuration: the package's own log methods and import hooks. */
const BESIDE = /(^|\/)logging\.py$|find_spec|_module_alias|__getattr__|_get_module/;

describe("the installed engine", () => {
  it.skipIf(installed === undefined)(
    "refuses random configurations at no place that the ledger lacks [needs python3]",
    async () => {
      const { sitePackages = "", python = "", version = "" } = installed ?? {};
      const target = targetOf(ENGINE);
      const tree = folderTree({ folder: sitePackages, package: ENGINE, version, root: target.root });
      const ledger = await takeLedger(tree, target);
      const methods = new Map(target.classes.map(({ name, calls }) => [name, methodsOf(calls)]));
      const classes = ledger.entries.map((name) => [name, methods.get(name) ?? []]);
      const run = promisify(execFile)(python, [SCRIPT, target.root, JSON.stringify(classes), "6000", "7"], {
        env: { ...process.env, CUDA_VISIBLE_DEVICES: "", HF_HUB_OFFLINE: "1" },
        maxBuffer: 1 << 26,
      });
      const seen = JSON.parse((await run).stdout) as Seen;

      const foreseen = new Set(ledger.sites.map(({ path, line }) => `${path}:${line}`));
      const lines = (from: number, to: number): number[] =>
        Array.from({ length: to - from + 1 }, (_, index) => from + index);
      const missed = seen.refusals.filter(
        ([path, from, to]) => !lines(from, to).some((line) => foreseen.has(`${path}:${line}`)),
      );
      expect(missed).toEqual([]);
      expect(seen.refusals.length).toBeGreaterThan(30);
      expect(seen.refusals.reduce((sum, [, , , , count]) => sum + count, 0)).toBeGreaterThan(1000);

      const reached = new Set(
        (await inventoryOf(tree, target)).map(({ reached: { fn } }) => `${fn.path} ${fn.qualname}`),
      );
      const strays = seen.ran
        .filter(([path, name]) => !BESIDE.test(path) && !BESIDE.test(name))
        .map(([path, name]) => `${path} ${name.split(".<locals>.")[0] ?? name}`);
      expect(strays.length).toBeGreaterThan(30);
      expect(strays.filter((name) => !reached.has(name))).toEqual([]);
    },
    180_000,
  );
});
