import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

/** The programs of the READMEs, each after those above it, compiled and run in a folder outside the repository. */

const PACKAGES = join(import.meta.dirname, "..", "..");
const TSC = join(PACKAGES, "..", "node_modules", ".bin", "tsc");
const DOCUMENTED = ["domain", "config", "study"];
const EXPERIMENT =
  "model: builtin:tiny\nworkload: {n: 1, input_tokens: 8, output_tokens: 4}\nllama-cpp: {context: {threads: 1}}\n";
const COMPILER = {
  target: "es2024",
  module: "nodenext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
  types: ["node"],
};

const programs = DOCUMENTED.flatMap((name) => {
  const page = readFileSync(join(PACKAGES, name, "README.md"), "utf8");
  const blocks = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
  return blocks.map((code, place) => [`${name}-${place + 1}.ts`, code] as const);
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-readme-"));
  mkdirSync(join(folder, "node_modules", "@lem"), { recursive: true });
  for (const name of DOCUMENTED) symlinkSync(join(PACKAGES, name), join(folder, "node_modules", "@lem", name));
  symlinkSync(join(PACKAGES, "study", "node_modules", "@types"), join(folder, "node_modules", "@types"));
  for (const [file, code] of programs) writeFileSync(join(folder, file), code);
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER, include: ["*.ts"] }));
  writeFileSync(join(folder, "experiment.yaml"), EXPERIMENT);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What a program prints; a failure of it fails the test with its words. */
const output = (file: string, args: readonly string[]): string =>
  execFileSync(file, args, { cwd: folder, encoding: "utf8" });

test("each documented package has a program", () => {
  expect(new Set(programs.map(([file]) => file.split("-")[0]))).toEqual(new Set(DOCUMENTED));
});

test("their types hold", { timeout: 120_000 }, () => {
  expect(output(TSC, ["-p", "."])).toBe("");
});

test.each(programs)("%s prints what its comments promise", { timeout: 60_000 }, (file, code) => {
  const printed = output(process.execPath, [file]);
  const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(([, comment = ""]) => comment);
  expect(printed.trim()).not.toBe("");
  for (const value of promised.filter((comment) => /^(true|\{)/.test(comment)))
    expect(printed).toContain(value.replaceAll(/ "|"$/g, " ").trim());
});
