import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCorpus } from "@lem/config/corpus";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { enginePython } from "../../../../scripts/test-machine.mjs";
import { runMiner } from "../../src/command.ts";
import type { Scorecard } from "../../src/score/score.ts";

/** A package of the index that is no engine of lem, in one version; its target file is all that is written for it. */
const [NAME, VERSION] = ["websockets", "17.4"];
const TARGET = join(import.meta.dirname, `${NAME}.yaml`);
const MODULE = "websockets.extensions.permessage_deflate";
const python3 = enginePython();

function must(file: string, ...args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(file, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${file} ${args.join(" ")}: ${error?.message ?? stderr.slice(-500)}`);
}

describe.skipIf(python3 === undefined)("a package that lem does not know, mined by a target file alone", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "lem-another-"));
    must(python3 ?? "", "-m", "venv", join(folder, "venv"));
    must(join(folder, "venv/bin/pip"), "install", "--quiet", "--only-binary=:all:", `${NAME}==${VERSION}`);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const miner = async (command: string, ...rest: readonly string[]) => {
    const said: string[] = [];
    const which = ["--target", TARGET, "--engine-version", VERSION, "--python", join(folder, "venv/bin/python")];
    const io = { env: process.env, out: () => {}, err: (text: string) => void said.push(text) };
    return { code: await runMiner([command, ...which, ...rest], io), said: said.join("") };
  };

  it("gets rules that refuse what it refuses, and nothing else [needs pip]", async () => {
    const corpora = join(folder, "corpora");
    expect(await miner("mine", "--out", corpora)).toMatchObject({ code: 0 });
    const found = await loadCorpus(NAME, { root: corpora, version: VERSION });
    if (found.status !== "exact") throw new Error("no rules");
    const verdict = (entry: string, set: Record<string, unknown>) =>
      found.rules.evaluate({ entry: `${MODULE}.${entry}`, set }).verdict;
    expect(
      [{}, { client_max_window_bits: 8 }, { client_max_window_bits: true }, { server_max_window_bits: 16 }].map((set) =>
        verdict("ClientPerMessageDeflateFactory", set),
      ),
    ).toEqual(["ok", "error", "ok", "error"]);
    expect(await miner("score", "--corpora", corpora, "--n", "300")).toMatchObject({ code: 0 });
    const card = JSON.parse(readFileSync(join(corpora, NAME, VERSION, "scorecard.json"), "utf8")) as Scorecard;
    for (const { strata } of Object.values(card.groups))
      for (const { error } of Object.values(strata)) {
        expect(error.fp).toBe(0);
        expect(error.recall.value).toBeGreaterThan(0.98);
      }
    expect(Object.keys(card.groups)).toHaveLength(3);
  }, 240_000);
});
