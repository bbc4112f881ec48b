import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { folderTree } from "../../src/source/folder.ts";
import { entryClasses } from "../../src/graph/entry-points.ts";
import { ClassOrder } from "../../src/modules/class-order.ts";
import { ModuleIndex } from "../../src/modules/module-index.ts";
import { pythonParser } from "../../src/syntax/parse.ts";
import { targetOf } from "../../src/targets/targets.ts";
import { installedEngine } from "../installed-engine.ts";

const MINER = join(import.meta.dirname, "../..");
const installed = installedEngine("transformers");

/** Texts of four words or more, as a message has; pieces between the values of a template count for themselves. */
function phrases(text: string): readonly string[] {
  const literals = [...text.matchAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g)];
  const pieces = literals.flatMap(([literal]) => literal.slice(1, -1).split(/\$?\{[^}]*\}|\\n/));
  return pieces.map((piece) => piece.trim()).filter((piece) => /\w+ +\w+ +\w+ +\w+/.test(piece));
}

it.skipIf(installed === undefined)(
  "no text of the miner or its probe is one of the engine's [needs python3]",
  async () => {
    const { sitePackages = "", version = "" } = installed ?? {};
    const target = targetOf("transformers");
    const tree = folderTree({ folder: sitePackages, package: target.engine, version, root: target.root });
    const index = new ModuleIndex(tree, await pythonParser());
    entryClasses(target, index, new ClassOrder(index));
    const engine = index.read.map(({ path }) => readFileSync(join(sitePackages, path), "utf8")).join("\n");
    const sources = globSync(["src/**/*.ts", "probe/**/*.py"], { cwd: MINER });
    const texts = sources.flatMap((path) => phrases(readFileSync(join(MINER, path), "utf8")));
    expect(texts.length).toBeGreaterThan(60);
    expect(phrases(engine).length).toBeGreaterThan(60);
    expect([...new Set(texts)].filter((text) => engine.includes(text))).toEqual([]);
  },
);
