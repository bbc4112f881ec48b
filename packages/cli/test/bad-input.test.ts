import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../src/run-cli.ts";
import { captureIo } from "./capture-io.ts";

/** Every bad input of an experiment: refused with exit 2, a code, a place or hint, and nothing left behind. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-bad-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return name;
};

async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { PATH: "/nonexistent", HOME: folder, LEM_CACHE: join(folder, ".cache") };
  const io = captureIo({ cwd: folder, env });
  const code = await runCli(argv, io);
  return { code, out: io.out(), err: io.err() };
}

const EXPERIMENT = "engine: llama-cpp\nmodel: builtin:tiny\nworkload:\n  output_tokens: 4\n  input_tokens: 8\n";

const IN_FILES: readonly (readonly [name: string, text: string | Uint8Array, code: string, says: RegExp])[] = [
  ["an unknown key", `${EXPERIMENT}  outptu_tokens: 4\n`, "config.unknown-key", /:6:3 .*\n[^]*try: .*output_tokens/],
  ["a wrong type", "engine: llama-cpp\nworkload:\n  n: many\n", "config.wrong-type", /:3:6 /],
  ["a YAML syntax error", "engine: [llama-cpp\n", "config.syntax", /:\d+:\d+/],
  ["a duplicate key", "engine: llama-cpp\nengine: vllm\n", "config.duplicate-key", /:2:1/],
  ["an empty file", "", "config.empty", /bad\.yaml/],
  ["a file of comments only", "# nothing\n", "config.empty", /bad\.yaml/],
  ["a binary file", Uint8Array.of(0, 1, 2, 255, 254), "config.binary", /bad\.yaml/],
  ["an unknown engine", "engine: vlm\n", "engine.unknown", /:1:9 [^]*try: .*vllm/],
  ["an unknown preset", "engine: llama-cpp\npreset: determinstic\n", "config.unknown-preset", /deterministic/],
  ["an extends cycle", "extends: bad.yaml\n", "config.extends-cycle", /bad\.yaml/],
  ["extends outside the project", "extends: ../../etc/passwd\n", "config.path-outside", /:1:10/],
  ["extends of a missing file", "extends: nowhere.yaml\n", "config.file-not-found", /nowhere\.yaml/],
  [
    "an adapter outside the project",
    "engine: transformers\ntransformers:\n  adapter:\n    path: ../../adapter\n",
    "config.path-outside",
    /:4:11/,
  ],
];

test.each(IN_FILES)("%s is refused with its code and place", async (_, text, code, says) => {
  const { code: exit, err } = await run("check", write("bad.yaml", text));
  expect(exit).toBe(2);
  expect(err).toContain(code);
  expect(err).toMatch(says);
});

test("an alias bomb is refused without expanding it", async () => {
  const levels = Array.from({ length: 12 }, (_, i) => {
    const list = Array.from({ length: 9 }, () => (i === 0 ? "lol" : `*a${i - 1}`));
    return `a${i}: &a${i} [${list.join(", ")}]`;
  });
  const { code, err } = await run("check", write("bomb.yaml", `${levels.join("\n")}\n`));
  expect(code).toBe(2);
  expect(err).toContain("config.alias-bomb");
});

test("all problems of a file are shown at once", async () => {
  const { err } = await run("check", write("bad.yaml", "engin: x\nmodle: y\nworkload:\n  n: -1\n"));
  expect(err).toContain("3 problems, nothing was started.");
});

test.each([
  ["a missing file", "missing.yaml", "config.file-not-found"],
  ["a folder", "folder", "config.not-a-file"],
  ["an unreadable file", "loop.yaml", "config.file-unreadable"],
])("%s is refused", async (_, name, code) => {
  mkdirSync(join(folder, "folder"));
  symlinkSync("loop.yaml", join(folder, "loop.yaml"));
  const { code: exit, err } = await run("run", name);
  expect(exit).toBe(2);
  expect(err).toContain(code);
});

const ON_RUN: readonly (readonly [name: string, flags: readonly string[], code: string])[] = [
  ["--set on a missing path", ["--set", "workload.nn=3"], "config.set-path"],
  ["--set without a value", ["--set", "workload.n"], "config.set-syntax"],
  ["an engine that is not installed", ["--engine", "transformers"], "engine.not-installed"],
  ["an unknown model", ["--model", "smolm2-135m"], "model.unknown"],
  ["a model path that does not exist", ["--model", "./nowhere.gguf"], "model.not-found"],
  ["a corrupt GGUF", ["--model", "./corrupt.gguf"], "model.corrupt"],
  ["a prompt file without prompts", ["--set", "workload.prompts=blank.txt"], "workload.no-prompts"],
  ["a prompt file that does not exist", ["--set", "workload.prompts=none.txt"], "workload.file"],
  ["output beyond the context", ["--set", "workload.output_tokens=100000"], "workload.beyond-context"],
  ["a results folder without permission", ["--out", "/sys/lem-results"], "io.permission"],
];

test.each(ON_RUN)("%s is refused before any start, and nothing is left behind", async (_, flags, code) => {
  write("corrupt.gguf", "GGUF but not really");
  write("blank.txt", "\n  \n");
  const { code: exit, err } = await run("run", write("ok.yaml", EXPERIMENT), ...flags);
  expect(err).toContain(code);
  expect(exit).toBe(2);
  expect(existsSync(join(folder, "results"))).toBe(false);
  expect(readdirSync(folder).toSorted()).toEqual(
    [".cache", "blank.txt", "corrupt.gguf", "ok.yaml"].filter(
      (name) => name !== ".cache" || existsSync(join(folder, name)),
    ),
  );
});

test("problems as JSON carry code, file, line, column and hint", async () => {
  const { code, out } = await run("check", write("bad.yaml", `${EXPERIMENT}  outptu_tokens: 4\n`), "--json");
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    problems: [{ code: "config.unknown-key", severity: "error", path: "workload.outptu_tokens", line: 6, column: 3 }],
  });
});

test("a plan needs no engine", async () => {
  const { code, out } = await run("plan", "--engine", "transformers", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ declared: 1, refused: 0, merged: 0, runs: 1 });
});

test.each(["file", join("file", "below"), ...(existsSync("/proc/self") ? ["/proc/results"] : [])])(
  "results cannot be kept in %s",
  async (out) => {
    write("file", "");
    const { code, err } = await run("run", "--model", "builtin:tiny", "--out", out);
    expect(code).toBe(2);
    expect(err).toContain("io.not-a-folder");
    expect(readdirSync(folder).toSorted()).toEqual([".cache", "file"]);
  },
);

test("with --json, whatever ends a command is said on stdout as problems", async () => {
  const { code, out } = await run("run", "--model", "./nowhere.gguf", "--json");
  expect(code).toBe(2);
  expect(JSON.parse(out)).toMatchObject({ ok: false, problems: [{ code: "model.not-found", path: "model" }] });
});

test("config init never overwrites a file", async () => {
  const { code, err } = await run("config", "init", write("mine.yaml", "engine: llama-cpp\n"));
  expect(code).toBe(2);
  expect(err).toContain("io.exists");
});
