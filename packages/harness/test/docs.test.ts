import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { qualityPage } from "../scripts/quality-page.ts";
import { QUALITY_RULES } from "../src/quality.ts";

describe("docs/quality.md", () => {
  it("is fresh", () => {
    const file = join(import.meta.dirname, "..", "..", "..", "docs", "quality.md");
    expect(readFileSync(file, "utf8")).toBe(qualityPage());
  });

  it("lists every code once", () => {
    const codes = QUALITY_RULES.map(({ code }) => code);
    expect(new Set(codes).size).toBe(codes.length);
    expect(codes.filter((code) => !qualityPage().includes(`| \`${code}\` |`))).toEqual([]);
  });
});
