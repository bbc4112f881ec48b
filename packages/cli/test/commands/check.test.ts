import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runCli } from "../../src/run-cli.ts";
import { captureIo } from "../capture-io.ts";

async function checked(text: string): Promise<{ code: number; out: string; err: string }> {
  const folder = mkdtempSync(join(tmpdir(), "lem-check-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "a.yaml");
  writeFileSync(file, text);
  const io = captureIo();
  const code = await runCli(["check", file], io);
  return { code, out: io.out(), err: io.err() };
}

it("says which value the engine uses instead, and counts the warning", async () => {
  const { code, out, err } = await checked("engine: vllm\nmodel: gpt2\nvllm: {sampling: {temperature: 0.001}}\n");
  expect(code).toBe(0);
  expect(err).toContain("vllm warns and uses 0.01 instead of 0.001");
  expect(err).toContain("try: write temperature: 0.01");
  expect(out).toMatch(/no errors, 1 warning\n$/);
});

it("prints errors before warnings", async () => {
  const { code, err } = await checked("engine: vllm\nmodel: gpt2\nvllm: {sampling: {temperature: 0.001, top_k: -5}}\n");
  expect(code).toBe(2);
  expect(err.indexOf("vllm refuses top_k -5")).toBeLessThan(err.indexOf("vllm warns about temperature 0.001"));
});
