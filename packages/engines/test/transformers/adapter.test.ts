import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { engineFolder, writeMarker } from "../../src/install/marker.ts";
import { transformersAdapter } from "../../src/transformers/adapter.ts";
import { readEngineVersions, type EngineVariant } from "../../src/versions.ts";

const { current, supported } = readEngineVersions("transformers");
const [oldest = ""] = supported;

function enginesDir(): string {
  const folder = mkdtempSync(join(tmpdir(), "lem-adapter-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function pretend(directory: string, version: string, variant: EngineVariant = "cpu"): Promise<string> {
  const folder = engineFolder(directory, "transformers", version, variant);
  mkdirSync(join(folder, "bin"), { recursive: true });
  symlinkSync(process.execPath, join(folder, "bin", "python"));
  const facts = { python: "3.11.7", packages: {}, installed_at: "2026-01-01T00:00:00.000Z" };
  await writeMarker(folder, { schema_version: 1, engine: "transformers", version, variant, ...facts });
  return folder;
}

const locate = (directory: string, version?: string) =>
  transformersAdapter.locate({ enginesDir: directory, env: {}, ...(version === undefined ? {} : { version }) });

describe("locating transformers", () => {
  it("says what to run where it is not installed", async () => {
    const found = await locate(join(enginesDir(), "nowhere"));
    expect(found).toMatchObject({
      status: "missing",
      hint: expect.stringContaining("lem engines install transformers"),
    });
  });

  it("prefers the current version, and CUDA where that is installed", async () => {
    const directory = enginesDir();
    await pretend(directory, oldest);
    await pretend(directory, current);
    expect(await locate(directory)).toMatchObject({ status: "installed", version: current, variant: "cpu" });
    await pretend(directory, current, "cuda");
    expect(await locate(directory)).toMatchObject({ version: current, variant: "cuda" });
  });

  it("finds a version by name, and only that", async () => {
    const directory = enginesDir();
    await pretend(directory, oldest);
    expect(await locate(directory, oldest)).toMatchObject({ status: "installed", version: oldest });
    expect(await locate(directory, current)).toMatchObject({
      status: "missing",
      reason: expect.stringContaining(current),
    });
  });

  it("does not count a half-installed folder, or one whose Python is gone", async () => {
    const directory = enginesDir();
    mkdirSync(engineFolder(directory, "transformers", current, "cpu"));
    expect(await locate(directory)).toMatchObject({ status: "missing" });
    const folder = await pretend(directory, oldest);
    rmSync(join(folder, "bin", "python"));
    expect(await locate(directory)).toMatchObject({ status: "missing", reason: expect.stringContaining("gone") });
  });

  it("keeps the worker off the network and hands it no token", async () => {
    const directory = enginesDir();
    await pretend(directory, current);
    const found = await locate(directory);
    expect(found).toMatchObject({
      command: { env: { HF_HUB_OFFLINE: "1", HF_HUB_DISABLE_TELEMETRY: "1", PYTHONDONTWRITEBYTECODE: "1" } },
    });
    expect(JSON.stringify(found)).not.toContain("HF_TOKEN");
  });
});
