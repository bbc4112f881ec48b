import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../src/invariants/pattern/pattern.ts";

function matches(pattern: string, text: string): boolean {
  const compiled = compilePattern(pattern);
  if (typeof compiled === "string") throw new Error(compiled);
  return compiled(text);
}

describe("compilePattern", () => {
  it("matches whole texts only", () => {
    expect(matches("a+", "aaa")).toBe(true);
    expect(matches("a+", "aab")).toBe(false);
    expect(matches("", "")).toBe(true);
  });

  it("stays linear where backtracking explodes", () => {
    expect(matches("(a+)+b", `${"a".repeat(5_000)}c`)).toBe(false);
  });

  it.each([
    "^a",
    "a$",
    "\\d",
    "\\w",
    "a*?",
    "a**",
    "(?=a)",
    "(?P<n>a)",
    "[]a]",
    "[a",
    "(a",
    "a)",
    "a{2,1}",
    "a{x}",
    "{",
    "[b-a]",
    "(((a{200}){200}){200}",
  ])("refuses %s", (pattern) => {
    expect(typeof compilePattern(pattern)).toBe("string");
  });
});
