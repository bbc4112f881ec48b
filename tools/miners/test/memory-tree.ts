import { sha256 } from "@lem/domain";
import type { SourceTree } from "../src/source/source-tree.ts";
import type { Target } from "../src/targets/target.ts";

/** A source tree of texts, without a disk. */
export function memoryTree(files: Readonly<Record<string, string | Uint8Array>>): SourceTree {
  const read: SourceTree["read"] = (path) => {
    const content = files[path];
    if (content === undefined) return undefined;
    const bytes = Buffer.from(content);
    return { path, bytes, sha256: sha256(bytes) };
  };
  const origin = { package: "fixture", version: "1", kind: "folder", sha256: "0".repeat(64) } as const;
  return { origin, paths: Object.keys(files), read };
}

/** A target of one class of the package `fixture`. */
export const fixtureTarget = (entry: string, methods: readonly string[] = []): Target => ({
  engine: "transformers",
  packages: ["fixture"],
  root: "fixture",
  classes: [{ name: entry, calls: methods.map((method) => ({ method, keywords: {}, severity: "error" })) }],
  families: [],
  functions: [],
  sections: {},
  landmarks: [],
  fixtures: {},
  env: {},
  stand_ins: null,
  late: null,
  profiles: {},
  keeps: [],
});
