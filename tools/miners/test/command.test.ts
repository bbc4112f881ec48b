import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { runMiner } from "../src/command.ts";
import type { Ledger } from "../src/ledger/ledger.ts";
import { targetOf } from "../src/targets/targets.ts";

const TARGET = targetOf("vllm");
const WHICH = ["inventory", "--engine", TARGET.engine, "--engine-version", "1.0"];
const METHOD = (name: string): string =>
  `    def ${name}(self):\n        if self.a > 1:\n            raise ValueError\n`;

/** A folder with a package that has all that a target names, each method with one check. */
function sourceFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lem-miner-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const names = [...TARGET.classes.map(({ name }) => `${name}.__post_init__`), ...TARGET.landmarks];
  const classes = new Map<string, Set<string>>();
  const modules = new Set(["__init__"]);
  for (const name of names) {
    const [method = "", owner = "", module = ""] = name.split(".").toReversed();
    classes.set(owner, (classes.get(owner) ?? new Set()).add(method));
    if (module !== TARGET.root) modules.add(module);
  }
  const text = [...classes].map(([name, methods]) => `class ${name}:\n${[...methods].map(METHOD).join("")}`).join("\n");
  mkdirSync(join(folder, TARGET.root));
  for (const module of modules) writeFileSync(join(folder, TARGET.root, `${module}.py`), text);
  return folder;
}

async function run(...argv: string[]) {
  const said = { out: "", err: "" };
  const io = {
    env: {},
    out: (text: string) => void (said.out += text),
    err: (text: string) => void (said.err += text),
  };
  return { code: await runMiner(argv, io), ...said };
}

describe("the miner's command line", () => {
  it("counts the sites of a folder and writes the ledger", async () => {
    const folder = sourceFolder();
    const out = join(folder, "ledger.json");
    const { code, out: printed, err } = await run(...WHICH, "--source", folder, "--out", out, "--json");
    expect([code, err]).toEqual([0, ""]);
    const summary = JSON.parse(printed) as { sites: number; by_kind: Record<string, number> };
    const ledger = JSON.parse(readFileSync(out, "utf8")) as Ledger;
    expect(ledger.sites).toHaveLength(summary.sites);
    expect(summary.by_kind["raise"]).toBeGreaterThan(2);
    expect(ledger.sites.every(({ bucket, sha }) => bucket === "opaque" && /^[0-9a-f]{64}$/.test(sha))).toBe(true);
  });

  it("fails on a folder without the package, and on a package without its landmarks", async () => {
    const folder = sourceFolder();
    expect(await run(...WHICH, "--source", join(folder, TARGET.root))).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^mine\.source-missing/) as string,
    });
    writeFileSync(join(folder, TARGET.root, "__init__.py"), "");
    expect(await run(...WHICH, "--source", folder)).toMatchObject({
      code: 2,
      err: expect.stringMatching(/^mine\.landmark-missing/) as string,
    });
  });

  it.each([
    [["inventory", "--nonsense"], /^cli\.usage/],
    [["inventory", "--engine", "x"], /^cli\.usage/],
    [["dance"], /^cli\.unknown-command/],
    [[], /^cli\.unknown-command/],
    [["inventory", "--engine", "x", "--engine-version", "1"], /^engine\.unknown/],
  ] as const)("refuses %j", async (argv, message) => {
    expect(await run(...argv)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(message) as string });
  });
});
