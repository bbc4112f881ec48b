import { describe, expect, test } from "vitest";
import type { ProcessOutcome } from "../../src/runners/runner.ts";
import { crashed } from "../../src/worker/failures.ts";

const PLACE = { engine: "e", op: "load", logPath: "/log.txt" } as const;
const OUTCOME: ProcessOutcome = {
  exitCode: null,
  signal: "SIGKILL",
  durationS: 1,
  stderrTail: "loading",
  killedBy: "nothing",
  oomKills: 0,
  survivors: [],
};

describe("crashed", () => {
  test.each<[string, Partial<ProcessOutcome>, string]>([
    ["a kill while the kernel ran out of memory", { oomKills: 1 }, "worker.out-of-memory"],
    [
      "exit 137 while the kernel ran out of memory",
      { exitCode: 137, signal: null, oomKills: 1 },
      "worker.out-of-memory",
    ],
    ["a kill while it did not", { oomKills: 0 }, "worker.crashed"],
    ["a kill of which the kernel says nothing", { oomKills: null }, "worker.crashed"],
    ["another program's want of memory", { exitCode: 1, signal: null, oomKills: 1 }, "worker.crashed"],
    [
      "torch's last words",
      { exitCode: 1, signal: null, stderrTail: "torch.OutOfMemoryError: CUDA" },
      "worker.out-of-memory",
    ],
    ["C++'s last words", { signal: "SIGABRT", stderrTail: "what():  std::bad_alloc" }, "worker.out-of-memory"],
    ["words of long ago", { stderrTail: `out of memory\n${"later\n".repeat(30)}` }, "worker.crashed"],
  ])("takes %s for what it is", (_, outcome, code) => {
    expect(crashed({ ...OUTCOME, ...outcome }, PLACE).code).toBe(code);
  });

  test("says when, how, and the last words", () => {
    const error = crashed({ ...OUTCOME, signal: "SIGILL", stderrTail: "a\nb" }, PLACE);
    expect(error.message).toBe("the process of e ended with SIGILL during `load`: b");
    expect(error.hint).toContain("processor");
  });

  test("prefers the line that names the error to the trace after it", () => {
    const stderrTail = 'Fatal Python error: Aborted\nCurrent thread:\n  File "worker.py", line 1';
    expect(crashed({ ...OUTCOME, stderrTail }, PLACE).message).toMatch(/: Fatal Python error: Aborted$/);
  });

  test("knows a pause between requests", () => {
    expect(crashed(OUTCOME, { ...PLACE, op: undefined }).message).toContain("a pause between requests");
  });
});
