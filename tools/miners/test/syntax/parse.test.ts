import { execFileSync, spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { pythonParser } from "../../src/syntax/parse.ts";
import { shapeOf } from "./shape.ts";

const SCRIPT = join(import.meta.dirname, "ast_shape.py");
const hasPython = spawnSync("python3", ["--version"]).status === 0;
const SAMPLES = [
  ...globSync(join(import.meta.dirname, "samples/*.py")),
  ...globSync(join(import.meta.dirname, "../fixtures/*/*.py")).filter((path) => !path.endsWith("broken.py")),
].toSorted();

const parse = async (text: string | Uint8Array) => (await pythonParser()).parse(Buffer.from(text));

describe("parse", () => {
  it.skipIf(!hasPython)("gives CPython's own tree for every sample [needs python3]", async () => {
    const printed = execFileSync("python3", ["-W", "ignore", SCRIPT], { input: SAMPLES.join("\n"), encoding: "utf8" });
    const theirs = printed
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(theirs).toHaveLength(SAMPLES.length);
    for (const [index, path] of SAMPLES.entries()) {
      const { body, troubles } = await parse(readFileSync(path));
      expect(troubles, path).toEqual([]);
      expect(JSON.parse(JSON.stringify(shapeOf(body))), path).toEqual(theirs[index]);
    }
  });

  it("reports a syntax error with its line and keeps the statements around it", async () => {
    const { body, troubles } = await parse("a = 1\nb = = 2\nif c:\n    raise d\n");
    expect(troubles).toContainEqual({ line: 2, reason: "a syntax error" });
    expect(body.map(({ kind }) => kind)).toEqual(["Assign", "Unparsed", "If"]);
  });

  it("reads the encoding that a file declares", async () => {
    const { body } = await parse(Buffer.from('# -*- coding: latin-1 -*-\nx = "\u00e9"\n', "latin1"));
    expect(body[0]).toMatchObject({ value: { literal: { type: "str", value: "\u00e9" } } });
  });

  it("reports bytes that are no text instead of guessing", async () => {
    const { body, troubles } = await parse(Buffer.from([0x78, 0x3d, 0xff, 0xfe]));
    expect(body).toEqual([]);
    expect(troubles).toEqual([{ line: 1, reason: expect.stringContaining("utf-8") as string }]);
  });

  it("survives nests deeper than any program has", async () => {
    const { troubles } = await parse(`x = ${"(".repeat(3000)}1${")".repeat(3000)}\n`);
    expect(troubles[0]?.reason).toBe("nested too deeply");
  });

  it("reads 100,000 lines", async () => {
    const { body, troubles } = await parse("if a > 1:\n    raise B(a)\n".repeat(50_000));
    expect([body.length, troubles.length]).toEqual([50_000, 0]);
  });
});
