import { join } from "node:path";
import type { FoundPackage } from "../../src/javascript/find-package.ts";
import { packageTree } from "../../src/javascript/find-package.ts";
import type { JavaScriptTarget } from "../../src/javascript/target.ts";

/** A small package of ours that prints sheets, and dies of burning paper. */
export const TOY: JavaScriptTarget = {
  engine: "toy-node",
  package: "toy-node",
  main: "dist/index.js",
  program: "dist",
  native: "addon",
  landmarks: ["Press"],
  models: {},
  start: [{ as: "press", call: "openPress", arguments: [] }],
  files: { face: "Zm9udA==" },
  restore: ["press._speed"],
  machine: "press",
  stands: {},
  options: [
    {
      name: "toy-node.PrintOptions",
      declared: "dist/press.d.ts",
      without: [],
      walk: {
        path: "dist/press.js",
        cls: "Sheet",
        method: "_create",
        self: null,
        arguments: [{ $input: true }, { _press: { $live: "press" } }],
        result: "sheet",
      },
      recipe: {
        steps: [{ as: "sheet", on: "press", call: "print", arguments: [{ $given: {} }] }],
        finally: [],
        observe: { copies: "sheet.copies" },
        named: { font: "face" },
      },
      inputs: 60,
    },
  ],
  sections: { sheet: "toy-node.PrintOptions" },
};

const FOLDER = join(import.meta.dirname, "packages/toy-node");

/** The package as it is found. */
export const toyPackage = (): FoundPackage => ({ folder: FOLDER, tree: packageTree(TOY, "1.2.3", FOLDER) });
