import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { NativeClass } from "../../src/native/native-modules.ts";
import { readBindings } from "../../src/native/read-bindings.ts";

const FOLDER = join(import.meta.dirname, "../probe/stand-ins/engine/bindings");
const file = (path: string): { readonly path: string; readonly text: string } => {
  return { path, text: readFileSync(join(FOLDER, path), "utf8") };
};
const modules = readBindings([file("module.cpp"), file("parts.cpp")], [file("parts.h")]);
const module = (name: string): (typeof modules)[number] | undefined => modules.find((each) => each.name === name);
const cls = (inModule: string, name: string): NativeClass | undefined =>
  module(inModule)?.classes.find((each) => each.name === name);

describe("binding sources", () => {
  it("tell the modules that functions of other files fill, and nothing of functions that none calls", () => {
    expect(modules.map(({ name, classes }) => [name, ...classes.map((each) => each.name)])).toEqual([
      ["", "Level", "Limits"],
      ["parts", "Base", "Base.Kind", "Derived", "Failure"],
      ["info"],
    ]);
  });

  it("tell Enums with their members, in their order", () => {
    expect(cls("", "Level")).toMatchObject({ kind: "enum", members: ["MILD", "HOT"], exportsMembers: true });
    expect(cls("parts", "Base.Kind")).toMatchObject({ kind: "enum", members: ["ONE"], exportsMembers: false });
  });

  it("tell the fields of classes, and what constructors take; constants come from headers", () => {
    expect(cls("", "Limits")).toMatchObject({
      kind: "class",
      properties: ["low", "high", "label"],
      statics: [{ name: "usual_low", value: 4 }],
      methods: [{ name: "__getstate__" }],
      constructors: [
        [
          { name: "low", isOptional: true, value: 4 },
          { name: "high", isOptional: false },
          { name: "label", isOptional: true },
        ],
      ],
    });
  });

  it("tell what is chained to a class later, its base class, functions and exceptions", () => {
    expect(cls("parts", "Base")).toMatchObject({ properties: ["kind"], constructors: [[]] });
    expect(cls("parts", "Derived")).toMatchObject({ bases: ["parts.Base"], methods: [{ name: "count" }] });
    expect(cls("parts", "Failure")).toMatchObject({ kind: "exception" });
    expect(module("parts")?.functions).toEqual([{ name: "make" }]);
  });

  it("tell values that are written out, and only the names of others", () => {
    expect(module("info")?.constants).toEqual([{ name: "BUILT_WITH", value: 3 }, { name: "SECRET" }]);
  });

  it("say nothing where there is no module", () => {
    expect(readBindings([file("parts.cpp")], [])).toEqual([]);
  });
});
