import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { allTargets, targetOf } from "../../src/targets/targets.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const LINT = join(ROOT, "tools/miners/scripts/engine-names.ts");

function lint(files: Readonly<Record<string, string>> = {}): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), "lem-names-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const paths = Object.entries(files).map(([name, text]) => {
    writeFileSync(join(folder, name), text);
    return relative(ROOT, join(folder, name));
  });
  const { status, stdout } = spawnSync(process.execPath, [LINT, ...paths], { encoding: "utf8" });
  return { status, said: stdout };
}

describe("targets", () => {
  it("are files, one an engine, and all are understood", () => {
    const engines = allTargets().map(({ engine }) => engine);
    expect(engines).toEqual(expect.arrayContaining(["transformers", "vllm"]));
    expect(engines.map((engine) => targetOf(engine).engine)).toEqual(engines);
  });

  it.each(["nothing", "../targets/vllm", ""])("refuse %j, which cannot be mined", (engine) => {
    expect(() => targetOf(engine)).toThrow(expect.objectContaining({ code: "engine.unknown" }) as Error);
  });
});

describe("the lint for engines' names", () => {
  it("finds none in the miner", () => {
    expect(lint()).toMatchObject({ status: 0 });
  });

  it.each([
    ["a class", "const cls = GenerationConfig;"],
    ["a field in a comment", "/* as with max_new_tokens */"],
    ["a field of one word in a string", 'const field = "temperature";'],
    ["a field in the probe's source", "value = config.num_beams"],
    ["a method that only the engine has", "from x import _verify_args"],
  ])("finds %s", (_, text) => {
    const { status, said } = lint({ "file.ts": text });
    expect(status).toBe(1);
    expect(said).toMatch(/names what is an engine's own/);
  });

  it("lets common words be", () => {
    expect(lint({ "file.ts": 'const temperature = 1; const kind = "class";' })).toMatchObject({ status: 0 });
  });
});
