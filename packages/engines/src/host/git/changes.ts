import { lstatSync, readFileSync, readlinkSync, type Stats } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { GitFolders } from "./head.ts";
import { parseIndex, type IndexEntry } from "./index-file.ts";
import { treeOfCommit } from "./objects.ts";
import { hashObject, treeOf } from "./tree.ts";

/** Whether tracked files differ from the commit; `unknown` says why it could not be told. */
export type Changes = { readonly dirty: boolean } | { readonly unknown: string };

/** More than this is not looked at, so that a snapshot stays fast. */
const MAX_FILES = 20_000;
const MAX_HASHED_BYTES = 64 * 1024 * 1024;

const SYMBOLIC_LINK = 0o120000;
const REGULAR_FILE = 0o100000;
const KIND = 0o170000;

interface Look {
  readonly worktree: string;
  readonly indexWrittenMs: number;
  readonly watchMode: boolean;
  hashedBytes: number;
}

/**
 * Compares commit, index and working files as `git status` does, without untracked files and without running git:
 * sizes and times first, contents where these leave a doubt. Contents are compared as they lie on disk: a file that
 * was touched and that git would convert (line endings, a filter) counts as changed.
 */
export async function findChanges(git: GitFolders, commit: string): Promise<Changes> {
  const path = join(git.gitDir, "index");
  const config = await readFile(join(git.commonDir, "config"), "utf8").catch(() => "");
  if (commit.length !== 40 || /^\s*objectformat\s*=\s*sha256/im.test(config))
    return { unknown: "the repository uses SHA-256 ids" };
  const [data, written] = await Promise.all([readFile(path).catch(() => undefined), stat(path).catch(() => undefined)]);
  const entries = data === undefined ? undefined : parseIndex(data);
  if (entries === undefined) return { unknown: "the index is missing or of another format" };
  if (entries.length > MAX_FILES) return { unknown: `more than ${MAX_FILES} tracked files` };
  if (entries.some((entry) => entry.stage !== 0 || entry.announced)) return { dirty: true };
  const watchMode = !/^\s*filemode\s*=\s*false/im.test(config);
  const look: Look = { worktree: git.worktree, indexWrittenMs: written?.mtimeMs ?? 0, watchMode, hashedBytes: 0 };
  if (entries.some((entry) => differs(entry, look))) return { dirty: true };
  if (look.hashedBytes > MAX_HASHED_BYTES) return { unknown: "too many files were touched to compare them all" };
  const tree = await treeOfCommit(git.commonDir, commit);
  return tree === undefined
    ? { unknown: "the commit is packed in a way that lem does not read" }
    : { dirty: tree !== treeOf(entries) };
}

function differs(entry: IndexEntry, look: Look): boolean {
  const kind = entry.mode & KIND;
  if (entry.unwatched || (kind !== REGULAR_FILE && kind !== SYMBOLIC_LINK)) return false;
  const path = join(look.worktree, entry.path);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined || !sameKind(entry, found, look)) return true;
  if (entry.size !== 0 && found.size % 2 ** 32 !== entry.size) return true;
  return mayHaveChanged(entry, found, look) && contentDiffers(entry, path, look);
}

const sameKind = (entry: IndexEntry, found: Stats, look: Look): boolean => {
  if ((entry.mode & KIND) === SYMBOLIC_LINK) return found.isSymbolicLink();
  return found.isFile() && (!look.watchMode || (entry.mode & 0o100) === (found.mode & 0o100));
};

/** Another time, or one so close to the index's own that a change may have kept it. */
const mayHaveChanged = (entry: IndexEntry, found: Stats, look: Look): boolean =>
  Math.abs(found.mtimeMs - entry.mtimeMs) > 0.01 ||
  entry.mtimeMs >= look.indexWrittenMs - 1 ||
  entry.size !== found.size;

function contentDiffers(entry: IndexEntry, path: string, look: Look): boolean {
  look.hashedBytes += entry.size;
  if (look.hashedBytes > MAX_HASHED_BYTES) return false;
  const isLink = (entry.mode & KIND) === SYMBOLIC_LINK;
  const body = isLink ? Buffer.from(readlinkSync(path)) : readFileSync(path);
  return !hashObject("blob", body).equals(entry.id);
}
