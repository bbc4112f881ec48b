import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { installGpuBinaries, type GpuBinaries } from "../../src/install/install-gpu-binaries.ts";
import { listEngines } from "../../src/install/list-engines.ts";
import { binaryName, findBinding } from "../../src/llama-cpp/binding.ts";
import { llamaCppAdapter } from "../../src/llama-cpp/adapter.ts";
import type { GpuVariant } from "../../src/versions.ts";
import { fixture, open, PATIENT, temporaryFolder } from "../fixtures/open-fake.ts";
import { model } from "../llama-cpp/support.ts";

/** Installs with an npm that makes packages itself; its Vulkan package lacks the binaries. */
function install(variant: GpuVariant, { npm = true } = {}): { enginesDir: string; done: Promise<GpuBinaries> } {
  const folder = temporaryFolder();
  const bin = join(folder, "bin");
  mkdirSync(bin);
  symlinkSync(process.execPath, join(bin, "node"));
  if (npm) symlinkSync(fixture("../install/fixtures/fake-npm.mjs"), join(bin, "npm"));
  const enginesDir = join(folder, "engines é");
  const done = installGpuBinaries(variant, { enginesDir, env: { PATH: bin, HF_TOKEN: "hf_secret" }, emit: () => {} });
  return { enginesDir, done };
}

describe("binaries of llama.cpp for a GPU", () => {
  it("come in the version of the binding, once, and nothing else is left", async () => {
    const { enginesDir, done } = install("cuda");
    const { where, version } = await done;
    expect(version).toBe(findBinding()?.version);
    expect(readdirSync(dirname(where))).toEqual([`${version}-cuda`]);
    expect(existsSync(join(where, "node_modules/@node-llama-cpp", `${binaryName(process, "cuda")}-ext`))).toBe(true);
    expect(await installGpuBinaries("cuda", { enginesDir, env: {}, emit: () => {} })).toMatchObject({ where });
    const row = (await listEngines({ enginesDir })).find(({ engine }) => engine === "llama-cpp");
    expect(row?.embedded).toEqual(["cuda", "cpu"]);
  });

  it("are used only where they start: a worker says why not, and runs on processors when told so", async () => {
    const { enginesDir, done } = install("cuda");
    await done;
    const found = await llamaCppAdapter.locate({ enginesDir, env: process.env });
    if (found.status === "missing") throw new Error(found.reason);
    expect(found.variant).toBe("cuda + cpu");
    const logPath = join(temporaryFolder(), "log.txt");
    const { command } = found;
    const session = await open({ command, engine: "llama-cpp", env: process.env, logPath, deadlines: PATIENT });
    const { path } = await model("builtin:tiny");
    const request = { model: path, format: "gguf", parallel: 1, max_sequence_tokens: 64, seed: 1 } as const;
    const load = (gpu: string | boolean) =>
      session.request("load", { ...request, sections: { llama: { gpu }, context: { threads: 1 } } });
    await expect(load("cuda")).rejects.toMatchObject({
      code: "engine.unsupported",
      message: expect.stringContaining("does not start here"),
    });
    expect(await load(false)).toMatchObject({ devices: ["cpu"], effective: { llama: { gpu: false } } });
  });

  it("are refused when the package lacks them, and nothing is kept", async () => {
    const { enginesDir, done } = install("vulkan");
    await expect(done).rejects.toMatchObject({ code: "engine.install-failed" });
    expect(readdirSync(join(enginesDir, "llama-cpp"))).toEqual([]);
  });

  it("need npm", async () => {
    const { done } = install("cuda", { npm: false });
    await expect(done).rejects.toMatchObject({ code: "engine.install-failed", hint: expect.stringContaining("npm") });
  });
});
