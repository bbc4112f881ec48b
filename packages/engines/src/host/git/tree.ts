import { createHash } from "node:crypto";
import type { IndexEntry } from "./index-file.ts";

interface Folder {
  readonly files: Map<string, IndexEntry>;
  readonly folders: Map<string, Folder>;
}

const TREE_MODE = 0o40000;

/** The id of the tree that a commit of these entries would have, as hexadecimal digits (gitformat: tree objects). */
export function treeOf(entries: readonly IndexEntry[]): string {
  const root = newFolder();
  for (const entry of entries) place(root, entry);
  return hashFolder(root).toString("hex");
}

const newFolder = (): Folder => ({ files: new Map(), folders: new Map() });

function place(root: Folder, entry: IndexEntry): void {
  const parts = entry.path.replace(/\/$/, "").split("/");
  const name = parts.pop() ?? "";
  let folder = root;
  for (const part of parts) {
    const below = folder.folders.get(part) ?? newFolder();
    folder.folders.set(part, below);
    folder = below;
  }
  folder.files.set(name, entry);
}

/** Git sorts the names of a tree by bytes, those of folders as if they ended with a slash. */
function hashFolder(folder: Folder): Buffer {
  const items = [
    ...[...folder.files].map(([name, entry]) => ({ name, mode: entry.mode, id: entry.id })),
    ...[...folder.folders].map(([name, below]) => ({ name, mode: TREE_MODE, id: hashFolder(below) })),
  ];
  const keyed = items.map((item) => ({
    ...item,
    key: Buffer.from(item.mode === TREE_MODE ? `${item.name}/` : item.name),
  }));
  const sorted = keyed.toSorted((a, b) => Buffer.compare(a.key, b.key));
  const body = sorted.map((item) => Buffer.concat([Buffer.from(`${item.mode.toString(8)} ${item.name}\0`), item.id]));
  return hashObject("tree", Buffer.concat(body));
}

/** The SHA-1 id of a git object. */
export const hashObject = (type: "blob" | "tree", body: Buffer): Buffer =>
  createHash("sha1").update(`${type} ${body.length}\0`).update(body).digest();
