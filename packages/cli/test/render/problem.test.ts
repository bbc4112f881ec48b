import type { Problem } from "@lem/config";
import { expect, test } from "vitest";
import { problemCount, problemText } from "../../src/render/problem.ts";

const FILE = "name: x\nworkload:\n  outptu_tokens: 64\n";
const UNKNOWN: Problem = {
  code: "config.unknown-key",
  severity: "error",
  message: "unknown key",
  path: "workload.outptu_tokens",
  file: "a.yaml",
  line: 3,
  column: 3,
  hint: "output_tokens",
};

test("shows the place, the lines around it, a caret under the column and what to write", () => {
  const text = problemText(UNKNOWN, { source: () => FILE, color: false });
  expect(text).toMatchInlineSnapshot(`
    "error a.yaml:3:3  workload.outptu_tokens   config.unknown-key
        1 │ name: x
        2 │ workload:
        3 │   outptu_tokens: 64
          │   ^ unknown key
      try: output_tokens"
  `);
});

test("a problem of a flag has no excerpt but still says what and where", () => {
  const problem: Problem = { ...UNKNOWN, file: null, line: null, column: null };
  expect(problemText(problem, { source: () => FILE, color: false })).toBe(
    "error workload.outptu_tokens   config.unknown-key\n  unknown key\n  try: output_tokens",
  );
});

test("a file that cannot be shown again leaves the excerpt out", () => {
  expect(problemText(UNKNOWN, { source: () => undefined, color: false })).toContain("unknown key");
});

test("warnings do not count as refusals", () => {
  expect(problemCount([UNKNOWN, { ...UNKNOWN, severity: "warn" }])).toBe("1 problem, nothing was started.");
});

test("a problem without any place begins with what it is", () => {
  const problem: Problem = { ...UNKNOWN, path: "", file: null, line: null, column: null };
  expect(problemText(problem, { source: () => FILE, color: false })).toMatch(/^error config\.unknown-key\n/);
});
