import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { python } from "../fixtures/python.ts";

const folder = fileURLToPath(new URL("../../src/vllm/", import.meta.url));
const script = fileURLToPath(new URL("fixtures/child_output_cases.py", import.meta.url));

function run(about: object): { readonly answer: unknown; readonly stderr: string } {
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" };
  const done = spawnSync(python ?? "python3", [script], { input: `${JSON.stringify(about)}\n`, env, encoding: "utf8" });
  return { answer: JSON.parse(done.stdout), stderr: done.stderr };
}

const firstOf = (lines: readonly string[]): unknown => run({ text: lines.join("\n") }).answer;

const prefixed = (process: string, lines: readonly string[]): string[] =>
  lines.map((line) => `(${process}) ERROR 11-22 06:51:33 [some_file.py:95] ${line}`);

const traceback = (last: string): string[] => [
  "Traceback (most recent call last):",
  '  File "a.py", line 1, in f',
  "    g()",
  last,
];

describe.runIf(python)("child_output.py [needs python3]", () => {
  test("finds the error of the process that failed first, behind what the logger puts before it", () => {
    const worker = prefixed("Worker pid=2", traceback("ValueError: no such format"));
    const core = prefixed("EngineCore pid=1", traceback("Exception: a worker failed"));
    expect(firstOf(["INFO starting", ...worker, "unrelated", ...core])).toEqual(["ValueError", "no such format"]);
  });

  test("keeps processes apart whose lines are mixed", () => {
    const worker = prefixed("Worker pid=2", traceback("OSError: no space"));
    const core = prefixed("EngineCore pid=1", traceback("Exception: later"));
    const mixed = worker.flatMap((line, at) => [line, core[at] ?? ""]);
    expect(firstOf(mixed)).toEqual(["OSError", "no space"]);
  });

  test("of exceptions raised while others were handled it takes the last", () => {
    const lines = [
      ...traceback("KeyError: 'nope'"),
      "",
      "The above exception was the direct cause of the following exception:",
      "",
      ...traceback("some.module.ConfigError: unknown: nope"),
      "not part of it",
    ];
    expect(firstOf(lines)).toEqual(["some.module.ConfigError", "unknown: nope"]);
  });

  test("finds nothing where there is no traceback, and an exception without words", () => {
    expect(firstOf(["ValueError: not raised", "all well"])).toBeNull();
    expect(firstOf(traceback("AssertionError"))).toEqual(["AssertionError", ""]);
  });

  test("a failure that tells of a death becomes what the dead process wrote, which also reaches the log", () => {
    const { answer, stderr } = run({ child: "raise MemoryError('not enough')" });
    expect(answer).toEqual(["MemoryError", "not enough", true]);
    expect(stderr).toContain("MemoryError: not enough");
  });

  test("a process that died without a word leaves the engine's own", () => {
    const { answer } = run({ child: "import os; os._exit(3)" });
    expect(answer).toEqual(["RuntimeError", "it died: see root cause above", true]);
  });
});
