import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CORPORA, project } from "./support/project.ts";

const ENTRY = join(import.meta.dirname, "..", "src", "index.ts");

/** Runs a program of its own that loads a file, and says which packages that needed. */
function loadedPackages(yaml: string): readonly string[] {
  const cwd = project({ "a.yaml": yaml });
  const program = `
    import { createRequire } from "node:module";
    const { loadExperiment } = await import(${JSON.stringify(ENTRY)});
    const { problems } = await loadExperiment({ cwd: ${JSON.stringify(cwd)}, file: "a.yaml", corporaRoot: ${JSON.stringify(CORPORA)} });
    const files = Object.keys(createRequire(${JSON.stringify(ENTRY)}).cache);
    const packages = [...new Set(files.flatMap((file) => /node_modules\\/([^/@.]+)\\/(?!.*node_modules)/.exec(file)?.[1] ?? []))];
    console.log(JSON.stringify({ problems, packages }));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(stderr).toBe("");
  const { problems, packages } = JSON.parse(stdout) as { problems: unknown[]; packages: string[] };
  expect(problems).toEqual([]);
  return packages;
}

it("the parameter validator is loaded for native parameters that are no plain scalars only", () => {
  expect(loadedPackages("preset: standard\nllama-cpp: {context: {threads: 2}}\n")).not.toContain("ajv");
  expect(loadedPackages("llama-cpp: {sampling: {repeatPenalty: {penalty: 1.2}}}\n")).toContain("ajv");
});

it("the language of rules is loaded by its own entry only", () => {
  const program = `
    import { registerHooks } from "node:module";
    const urls = [];
    registerHooks({ load: (url, context, next) => (urls.push(url), next(url, context)) });
    const loaded = () => urls.some((url) => url.includes("/src/invariants/"));
    await import(${JSON.stringify(ENTRY)});
    const before = loaded();
    await import(${JSON.stringify(join(ENTRY, "..", "invariants", "index.ts"))});
    console.log(JSON.stringify([before, loaded()]));`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual([false, true]);
});
