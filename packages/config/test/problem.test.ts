import { expect, it } from "vitest";
import { hasErrors, sortProblems, type Problem } from "../src/problem.ts";

const problem = (file: string | null, line: number | null, column: number | null, path = ""): Problem => ({
  code: "config.syntax",
  severity: "error",
  message: "m",
  path,
  file,
  line,
  column,
});

it("problems are sorted: flags, the main file, other files; then line and column", () => {
  const sorted = sortProblems(
    [
      problem("z.yaml", 1, 1),
      problem("b.yaml", 1, 1),
      problem("z.yaml", 1, 9),
      problem("a.yaml", 10, 2),
      problem("a.yaml", 9, 30),
      problem(null, null, null),
    ],
    "z.yaml",
  );
  expect(sorted.map(({ file, line, column }) => `${file} ${line} ${column}`)).toEqual([
    "null null null",
    "z.yaml 1 1",
    "z.yaml 1 9",
    "a.yaml 9 30",
    "a.yaml 10 2",
    "b.yaml 1 1",
  ]);
});

it("of several problems at one place for one field the first found is kept", () => {
  const first = { ...problem("a.yaml", 1, 1, "n"), message: "first" };
  const second = { ...problem("a.yaml", 1, 1, "n"), message: "second" };
  expect(sortProblems([first, second, problem("a.yaml", 1, 1, "other")]).map(({ message }) => message)).toEqual([
    "first",
    "m",
  ]);
});

it("warnings do not refuse", () => {
  expect(hasErrors([{ ...problem("a.yaml", 1, 1), severity: "warn" }])).toBe(false);
  expect(hasErrors([problem("a.yaml", 1, 1)])).toBe(true);
});

it("puts errors before warnings", () => {
  const late = problem("a.yaml", 9, 1, "n");
  const warning: Problem = { ...problem("a.yaml", 1, 1, "m"), severity: "warn" };
  expect(sortProblems([warning, late])).toEqual([late, warning]);
});

it("a warning does not hide an error at its place, and engines' rules do not hide one another", () => {
  const at = problem("a.yaml", 1, 1, "n");
  const warning: Problem = { ...at, severity: "warn", code: "config.dormant" };
  const codes = (problems: readonly Problem[]): readonly string[] => sortProblems(problems).map(({ code }) => code);
  expect(codes([warning, at])).toEqual(["config.syntax"]);
  const refused: Problem = { ...at, code: "config.invariant", rule: "a" };
  expect(codes([warning, refused, { ...refused, rule: "b" }])).toEqual([
    "config.invariant",
    "config.invariant",
    "config.dormant",
  ]);
  expect(codes([refused, { ...at, code: "config.wrong-type" }])).toEqual(["config.invariant"]);
  expect(codes([{ ...at, code: "config.wrong-type" }, refused])).toEqual(["config.wrong-type"]);
});
