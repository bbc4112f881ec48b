import { describe, expect, it } from "vitest";
import { entryName } from "../../src/corpus/entry-name.ts";
import type { Corpus } from "../../src/corpus/corpus.ts";

const rule = (path: string, qualname: string): unknown => ({ source: { path, qualname, line: 1, sha: "" } });
const CORPUS = {
  entries: {
    "engine.Params": { rules: [rule("engine/base.py", "Base.check"), rule("engine/params.py", "Params.__init__")] },
    "engine.deep.module.Hidden": { rules: [] },
    "engine.a.Twice": { rules: [] },
    "engine.b.Twice": { rules: [] },
  },
} as unknown as Corpus;

describe("the entry of a name", () => {
  it.each([
    ["engine.Params", "engine.Params"],
    ["engine.params.Params", "engine.Params"],
    ["engine.Hidden", "engine.deep.module.Hidden"],
    ["engine.base.Params", undefined],
    ["engine.other.Params", undefined],
    ["engine.Twice", undefined],
    ["other.Params", undefined],
    ["Params", undefined],
    ["engine", undefined],
    ["", undefined],
    ["__proto__", undefined],
  ])("%s is %s", (asked, entry) => {
    expect(entryName(CORPUS, asked)).toBe(entry);
  });
});

describe("the entry of an engine that is no package of Python", () => {
  const corpus = { engine: "my-engine", entries: { "the-package.Options": { rules: [] } } } as unknown as Corpus;

  it.each([
    ["the-package.Options", "the-package.Options"],
    ["the_package.Options", "the-package.Options"],
    ["my-engine.Options", "the-package.Options"],
    ["my_engine.Options", "the-package.Options"],
    ["other.Options", undefined],
    ["Options", undefined],
  ])("%s is %s", (asked, entry) => {
    expect(entryName(corpus, asked)).toBe(entry);
  });
});
