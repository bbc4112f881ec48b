import { describe, expect, it } from "vitest";
import { ModuleIndex } from "../../src/modules/module-index.ts";
import { pythonParser } from "../../src/syntax/parse.ts";
import { memoryTree } from "../memory-tree.ts";

const indexOf = async (files: Readonly<Record<string, string>>) =>
  new ModuleIndex(memoryTree(files), await pythonParser());

describe("ModuleIndex", () => {
  it("follows re-exports, relative imports and stars to the definition", async () => {
    const index = await indexOf({
      "p/__init__.py": "from .a import Thing as Public\nfrom .b import *\n",
      "p/a.py": "from .sub.c import Thing\n",
      "p/b.py": "from .sub import c\nLIMIT = 3\n",
      "p/sub/__init__.py": "",
      "p/sub/c.py": "class Thing:\n    def method(self): pass\n",
    });
    expect(index.find("p.Public")).toMatchObject({ kind: "class", module: "p.sub.c", qualname: "Thing" });
    expect(index.find("p.Public.method")).toMatchObject({ kind: "function", qualname: "Thing.method" });
    expect(index.find("p.LIMIT")).toMatchObject({ kind: "constant", module: "p.b" });
    expect(index.find("p.c.Thing")).toMatchObject({ kind: "class", module: "p.sub.c" });
  });

  it("names what lies outside the tree", async () => {
    const index = await indexOf({ "p.py": "import warnings as w\nfrom os import path\n" });
    expect(index.find("p.w.warn")).toEqual({ kind: "foreign", name: "warnings.warn" });
    expect(index.find("p.path.join")).toEqual({ kind: "foreign", name: "os.path.join" });
  });

  it("prefers a definition or import over the fallback that is assigned in its place", async () => {
    const index = await indexOf({ "p.py": "try:\n    from q import x\nexcept ImportError:\n    x = None\n" });
    expect(index.find("p.x")).toEqual({ kind: "foreign", name: "q.x" });
  });

  it("ends on circles of imports", async () => {
    const index = await indexOf({
      "p/__init__.py": "from .a import x\nfrom .a import *\n",
      "p/a.py": "from . import x\nfrom . import *\n",
    });
    expect(index.find("p.x")).toBeUndefined();
    expect(index.find("p.y")).toBeUndefined();
  });

  it("reads only the modules that are asked for", async () => {
    const index = await indexOf({ "p/__init__.py": "from .a import x\n", "p/a.py": "x = 1\n", "p/b.py": "y = 1\n" });
    index.find("p.x");
    expect(index.read.map(({ name }) => name)).toEqual(["p", "p.a"]);
  });
});
