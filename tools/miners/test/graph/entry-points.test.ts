import { describe, expect, it } from "vitest";
import { entryClasses } from "../../src/graph/entry-points.ts";
import { ClassOrder } from "../../src/modules/class-order.ts";
import { ModuleIndex } from "../../src/modules/module-index.ts";
import { pythonParser } from "../../src/syntax/parse.ts";
import { fixtureTarget, memoryTree } from "../memory-tree.ts";

const TREE = memoryTree({
  "fixture/__init__.py": "from .inner import A\nfrom .models import *\n",
  "fixture/inner.py": "class Base: pass\nclass A(Base): pass\nclass B(Base): pass\n",
  "fixture/models/__init__.py": "from .big import *\n",
  "fixture/models/big.py": "X = 1\n",
});

describe("the classes of a family", () => {
  it("go by the public package where it names them, without reading what it star-imports", async () => {
    const index = new ModuleIndex(TREE, await pythonParser());
    const target = {
      ...fixtureTarget("fixture.inner.A"),
      classes: [],
      families: [{ base: "fixture.inner.Base", module: "fixture.inner", public: "fixture", except: [], calls: [] }],
    };
    const classes = entryClasses(target, index, new ClassOrder(index));
    expect(classes.map(({ name }) => name)).toEqual(["fixture.A", "fixture.inner.B"]);
    expect(index.read.map(({ name }) => name)).toEqual(["fixture", "fixture.inner"]);
  });
});
