import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { docsPages } from "../scripts/docs-pages.ts";
import { ERROR_CODES } from "../src/errors.ts";
import { METRIC_TAGS } from "../src/metrics/declaration.ts";

const docs = join(import.meta.dirname, "..", "..", "..", "docs");
const { "errors.md": errors = "", "metrics.md": metrics = "" } = docsPages();

describe("generated pages", () => {
  it.each(Object.entries(docsPages()))("docs/%s is fresh", (name, text) => {
    expect(readFileSync(join(docs, name), "utf8")).toBe(text);
  });

  it.each(Object.keys(ERROR_CODES))("say what %s means", (code) => {
    expect(errors).toContain(`| \`${code}\` |`);
  });

  it.each(METRIC_TAGS)("define %s", (tag) => {
    expect(metrics).toContain(`| \`${tag}\` |`);
  });
});
