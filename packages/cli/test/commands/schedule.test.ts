import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";

const LEM = fileURLToPath(new URL("../../bin/lem.js", import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-schedule-"));
  writeFileSync(
    join(folder, "tiny.yaml"),
    `name: tiny
engine: llama-cpp
model: builtin:tiny
workload: { n: 1, input_tokens: 8, output_tokens: 2 }
measurement: { windows: 1, warmup: { enabled: false } }
`,
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A real process; `meanwhile` may tell it to end. */
async function lem(args: readonly string[], meanwhile?: (kill: () => void) => Promise<void>): Promise<Ended> {
  const { INIT_CWD: _, ...env } = process.env;
  const child = spawn(process.execPath, [LEM, "schedule", ...args], { cwd: folder, env });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("exit", (code) => resolve(code)));
  await meanwhile?.(() => child.kill("SIGTERM"));
  return { code: await ended, out, err };
}

const status = (name = "schedule-tiny.json"): { state: string; next: string | null; runs: { status: string }[] } =>
  JSON.parse(readFileSync(join(folder, "results", name), "utf8")) as ReturnType<typeof status>;

async function until(holds: () => boolean): Promise<void> {
  for (let looks = 0; looks < 600 && !holds(); looks++) await sleep(100);
  expect(holds()).toBe(true);
}

it("runs a study each second for two times, and says how it went", { timeout: 120_000 }, async () => {
  const { code, out, err } = await lem(["tiny.yaml", "--cron", "* * * * * *", "--times", "2"]);
  expect(code, err).toBe(0);
  expect(out).toMatch(/^tiny: 2 starts/);
  expect(status()).toMatchObject({ state: "ended", runs: [{ status: "completed" }, { status: "completed" }] });
});

it("ends at once and cleanly when it is told to while it waits", { timeout: 60_000 }, async () => {
  const { code } = await lem(["tiny.yaml", "--cron", "0 3 1 1 *", "--timezone", "UTC"], async (kill) => {
    await until(() => existsSync(join(folder, "results", "schedule-tiny.json")) && status().state === "waiting");
    expect(status().next).toMatch(/-01-01T03:00:00/);
    kill();
  });
  expect(code).toBe(0);
  expect(status()).toMatchObject({ state: "ended", next: null, runs: [] });
  expect(existsSync(join(folder, "results", "schedule-tiny.json.lock"))).toBe(false);
});

it.each([
  [["tiny.yaml"], "study.schedule"],
  [["tiny.yaml", "--cron", "at noon"], "study.schedule"],
  [["tiny.yaml", "--at", "2020-01-01T00:00"], "study.schedule"],
  [["tiny.yaml", "--at", "2036-01-01T00:00", "--for", "long"], "cli.usage"],
  [["missing.yaml", "--at", "2036-01-01T00:00"], "config.file-not-found"],
])("refuses before it waits: %o", { timeout: 30_000 }, async (args, code) => {
  const ended = await lem(args);
  expect(ended.code).toBe(2);
  expect(ended.err + ended.out).toContain(code);
  expect(existsSync(join(folder, "results"))).toBe(false);
});
