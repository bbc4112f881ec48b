import { existsSync, globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { ClassSchemas } from "@lem/config/parameters";
import { parseEngineId } from "@lem/domain";
import { readEngineVersions } from "@lem/engines/install";
import { lemPaths } from "@lem/engines/paths";
import { describe, expect, it } from "vitest";
import { runMiner } from "../../src/command.ts";
import { allTargets } from "../../src/targets/targets.ts";

const CORPORA = join(import.meta.dirname, "../../../../corpora");
const { engines } = lemPaths(process.env);
const FILES = globSync("*/*/classes.json", { cwd: CORPORA }).toSorted((a, b) =>
  a.localeCompare(b, "en", { numeric: true }),
);
/** Engines that need stand-ins have no source on the package index: theirs is compared where the source is. */
const indexed = allTargets().filter(({ stand_ins }) => stand_ins === null);
const installed = FILES.map((file) => [dirname(dirname(file)), basename(dirname(file))] as const).filter(
  ([name, version]) =>
    indexed.some(({ engine }) => engine === name) && existsSync(join(engines, `${name}-${version}-cpu/bin/python`)),
);

describe("the committed schemas of classes", () => {
  it.each(FILES)("%s holds no text of the engine", (file) => {
    const { classes } = JSON.parse(readFileSync(join(CORPORA, file), "utf8")) as ClassSchemas;
    expect(Object.keys(classes).length).toBeGreaterThan(0);
    for (const { parameters } of Object.values(classes))
      for (const parameter of Object.values(parameters))
        for (const key of Object.keys(parameter))
          expect(["schema", "required", "default", "description_sha256"]).toContain(key);
  });

  it.each(installed)("%s %s: are what the installed classes say", { timeout: 300_000 }, async (engine, version) => {
    const said: string[] = [];
    const io = {
      env: process.env,
      out: (text: string) => void said.push(text),
      err: (text: string) => void said.push(text),
    };
    const code = await runMiner(["classes", "--engine", engine, "--engine-version", version, "--check"], io);
    expect([code, said]).toEqual([0, []]);
  });

  it("know every class of the current version's target", () => {
    for (const { engine, classes } of allTargets()) {
      const { current } = readEngineVersions(parseEngineId(engine));
      const held = JSON.parse(readFileSync(join(CORPORA, engine, current, "classes.json"), "utf8")) as ClassSchemas;
      expect([...Object.keys(held.classes), ...held.unavailable]).toEqual(
        expect.arrayContaining(classes.map(({ name }) => name)),
      );
    }
  });
});
