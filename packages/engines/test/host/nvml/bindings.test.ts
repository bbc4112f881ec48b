import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const BINDINGS = join(import.meta.dirname, "../../../src/host/nvml/bindings.ts");

/** Runs a program in a fresh Node that loads its libraries from `folder` first; answers with what it printed. */
function inFreshNode(program: string, folder: string): unknown {
  const args = ["--input-type=module", "-e", program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { env: { LD_LIBRARY_PATH: folder }, encoding: "utf8" });
  return stdout === "" ? stderr : JSON.parse(stdout);
}

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "lem-nvml-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const OPEN = `const { openNvml } = await import(${JSON.stringify(BINDINGS)});`;

test("a library that cannot be loaded is missing, not a crash", async () => {
  const folder = await emptyFolder();
  await writeFile(join(folder, "libnvidia-ml.so.1"), "this is no library");
  const opening = inFreshNode(`${OPEN} const o = await openNvml(); console.log(JSON.stringify(o.status));`, folder);
  expect(["missing", "open"]).toContain(opening);
});

test("importing the bindings loads no FFI library", async () => {
  const program = `${OPEN} console.log(JSON.stringify(process.report.getReport().sharedObjects.some((f) => f.includes("koffi"))));`;
  expect(inFreshNode(program, await emptyFolder())).toBe(false);
});
