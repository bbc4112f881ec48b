import { describe, expect, it } from "vitest";
import { entryClasses } from "../../src/graph/entry-points.ts";
import { ClassOrder } from "../../src/modules/class-order.ts";
import { ModuleIndex } from "../../src/modules/module-index.ts";
import { pythonParser } from "../../src/syntax/parse.ts";
import { sectionsOf } from "../../src/targets/sections.ts";
import type { Target } from "../../src/targets/target.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";

const TREE = memoryTree({
  "fixture/__init__.py": "from .inner import A\n",
  "fixture/inner.py": "class Base: pass\nclass A(Base): pass\nclass B(A): pass\nclass Other: pass\n",
  "fixture/map.py":
    'from .inner import A, B, Other\nBY_NAME = {"a": A, "b": B, "second": B, "other": Other, **X, 3: A}\n',
});

const TARGET: Target = {
  ...fixtureTarget("fixture.inner.Other"),
  families: [{ base: "fixture.inner.Base", module: "fixture.inner", public: "fixture", except: [], calls: [] }],
  sections: {
    plain: "fixture.inner.Other",
    several: { key: "kind", mapping: "fixture.map.BY_NAME", entries: { second: "fixture.A" } },
    listed: { key: "kind", mapping: null, entries: { a: "fixture.A" } },
  },
};

describe("sections", () => {
  it("are read from the dict that the source has, by the names that users import", async () => {
    const index = new ModuleIndex(TREE, await pythonParser());
    const order = new ClassOrder(index);
    const entries = entryClasses(TARGET, index, order).map(({ name }) => name);
    expect(entries).toEqual(["fixture.inner.Other", "fixture.A", "fixture.inner.B"]);
    expect(sectionsOf(TARGET, entries, { index, order })).toEqual({
      plain: "fixture.inner.Other",
      several: {
        key: "kind",
        entries: { a: "fixture.A", b: "fixture.inner.B", other: "fixture.inner.Other", second: "fixture.A" },
      },
      listed: { key: "kind", entries: { a: "fixture.A" } },
    });
  });
});
