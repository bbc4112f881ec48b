import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExperimentResult } from "@lem/domain";
import { expect, test } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

const MARKER = {
  schema_version: 1,
  engine: "transformers",
  version: "5.17.0",
  variant: "cpu",
  python: "3.11.0",
  packages: {},
  installed_at: "2026-01-01T00:00:00.000Z",
};

test("a run is checked against the version that is installed, not the newest", { timeout: 60_000 }, async () => {
  const cache = mkdtempSync(join(tmpdir(), "lem-version-"));
  try {
    const folder = join(cache, "engines", "transformers-5.17.0-cpu");
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "lem-engine.json"), JSON.stringify(MARKER));
    symlinkSync("/bin/false", join(folder, "bin", "python")); // it ends at once: what matters was decided before
    const io = captureIo({ cwd: cache, env: { ...process.env, LEM_CACHE: cache } });
    const argv = ["run", "--json", "--engine", "transformers", "--model", "builtin:tiny"];
    expect(await runCli(argv, io)).toBe(1);
    const { config, engine } = JSON.parse(io.out()) as ExperimentResult;
    expect(engine.version).toBe("5.17.0");
    expect(config.corpus).toMatchObject({ status: "exact", version: "5.17.0" });
  } finally {
    rmSync(cache, { recursive: true, force: true });
  }
});
