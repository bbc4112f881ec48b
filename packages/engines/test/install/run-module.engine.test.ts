import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished, vi } from "vitest";
import { isRunning } from "../fixtures/open-fake.ts";
import { findPython } from "../../src/install/python.ts";

vi.setConfig({ testTimeout: 60_000 });

const RUN_MODULE = fileURLToPath(new URL("../../src/install/run_module.py", import.meta.url));

it("what it runs ends with the process that started it, even one that was killed", async () => {
  const python = await findPython({ env: process.env });
  const folder = mkdtempSync(join(tmpdir(), "lem-run-module-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "sleeper.py"), "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(60)\n");
  const parent = `
    const { spawn } = require("node:child_process");
    spawn(${JSON.stringify(python.file)}, [${JSON.stringify(RUN_MODULE)}, "sleeper"], {
      stdio: "inherit", detached: true, env: { ...process.env, PYTHONPATH: ${JSON.stringify(folder)} },
    });`;
  const starter = spawn(process.execPath, ["-e", parent], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(starter.stdout, "data")) as [Buffer];
  const pid = Number(line.toString());
  expect(isRunning(pid)).toBe(true);
  starter.kill("SIGKILL");
  await vi.waitFor(() => expect(isRunning(pid)).toBe(false), 10_000);
});
