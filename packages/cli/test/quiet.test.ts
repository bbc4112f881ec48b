import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

test("--quiet prints the folder only, and still says why an experiment failed", { timeout: 60_000 }, async () => {
  const cwd = mkdtempSync(join(tmpdir(), "lem-quiet-"));
  try {
    const io = captureIo({ cwd, env: process.env });
    const work = ["workload.n=1", "workload.output_tokens=4", "measurement.timeouts.load_s=0.001"];
    const set = work.flatMap((field) => ["--set", field]);
    expect(await runCli(["run", "--quiet", "--model", "builtin:tiny", ...set], io)).toBe(1);
    expect(io.out()).toMatch(/^results\/[\w.-]+\n$/);
    expect(io.err()).toMatch(/^failed in load: .*worker\.silent\ntry: /);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
});
