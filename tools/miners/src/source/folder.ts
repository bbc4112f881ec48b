import { globSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { canonicalJson, fromSystemError, LemError, sha256 } from "@lem/domain";
import type { SourceFile, SourceOrigin, SourceTree } from "./source-tree.ts";

/** A folder with an engine's sources. */
export interface FolderRequest {
  /** Holds the package's folder, as site-packages does. */
  readonly folder: string;
  readonly package: string;
  readonly version: string;
  /** Top folder of the import package. */
  readonly root: string;
}

/**
 * Reads the Python files of a folder.
 * @throws LemError `mine.source-missing` when it does not hold the package, `io.*`
 */
export function folderTree(request: FolderRequest): SourceTree {
  const { folder, root } = request;
  if (statSync(join(folder, root), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new LemError("mine.source-missing", `${folder} holds no folder ${root}`, {
      hint: `--source names the folder that contains ${root}, as site-packages does`,
    });
  }
  const hashes = new Map(pythonFiles(folder, root).map((path) => [path, sha256(bytesOf(folder, path))]));
  const digest = sha256(canonicalJson([...hashes]));
  const origin = { package: request.package, version: request.version, kind: "folder", sha256: digest } as const;
  return { ...treeOver(folder, hashes, origin), texts: (patterns) => textsOf(folder, patterns) };
}

const textsOf: (folder: string, patterns: readonly string[]) => readonly { path: string; text: string }[] = (
  folder,
  patterns,
) => {
  const paths = globSync([...patterns], { cwd: folder }).map((path) => path.split(sep).join("/"));
  return paths.toSorted().map((path) => ({ path, text: bytesOf(folder, path).toString("utf8") }));
};

/** A tree over files on the disk whose hashes are known; each read is held against its hash. */
export function treeOver(folder: string, hashes: ReadonlyMap<string, string>, origin: SourceOrigin): SourceTree {
  const read = (path: string): SourceFile | undefined => {
    const expected = hashes.get(path);
    if (expected === undefined) return undefined;
    const bytes = bytesOf(folder, path);
    if (sha256(bytes) === expected) return { path, sha256: expected, bytes };
    throw new LemError("mine.source-corrupt", `${join(folder, path)} changed since it was hashed`, {
      hint: origin.kind === "wheel" ? `remove ${folder} and run again` : "run again on a folder at rest",
    });
  };
  return { origin, paths: [...hashes.keys()], read };
}

const pythonFiles = (folder: string, root: string): readonly string[] =>
  globSync("**/*.py", { cwd: join(folder, root) })
    .map((path) => `${root}/${path.split(sep).join("/")}`)
    .toSorted();

function bytesOf(folder: string, path: string): Buffer {
  try {
    return readFileSync(join(folder, path));
  } catch (error) {
    throw fromSystemError(error, `reading ${join(folder, path)}`);
  }
}
