import { readFile, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/** Where a checkout keeps its git files: a linked worktree has its own HEAD and index, and shares the rest. */
export interface GitFolders {
  /** The checked-out files. */
  readonly worktree: string;
  readonly gitDir: string;
  readonly commonDir: string;
}

/** What is checked out: a commit, a branch without commits, or a reference that could not be followed. */
export interface GitHead {
  readonly branch?: string;
  readonly commit?: string;
}

const OBJECT_ID = /^([0-9a-f]{40}|[0-9a-f]{64})$/;
const MAX_SYMBOLIC_STEPS = 5;

/** Finds the repository that a folder lies in; undefined when it lies in none. */
export async function findGit(folder: string): Promise<GitFolders | undefined> {
  const worktree = resolve(folder);
  const entry = join(worktree, ".git");
  const kind = await stat(entry).catch(() => undefined);
  if (kind === undefined) return dirname(worktree) === worktree ? undefined : findGit(dirname(worktree));
  const gitDir = kind.isDirectory() ? entry : await linkedFolder(entry, worktree);
  const shared = await readLine(join(gitDir, "commondir"));
  return { worktree, gitDir, commonDir: shared === undefined ? gitDir : resolve(gitDir, shared) };
}

/** Reads HEAD and follows it through loose and packed references. */
export async function readHead(git: GitFolders): Promise<GitHead> {
  const head = await readLine(join(git.gitDir, "HEAD"));
  if (head === undefined) return {};
  if (!head.startsWith("ref: ")) return OBJECT_ID.test(head) ? { commit: head } : {};
  const name = head.slice("ref: ".length);
  const commit = await followReference(git, name, MAX_SYMBOLIC_STEPS);
  return { branch: name.replace(/^refs\/heads\//, ""), ...(commit === undefined ? {} : { commit }) };
}

async function linkedFolder(file: string, worktree: string): Promise<string> {
  const line = (await readLine(file)) ?? "";
  return resolve(worktree, line.replace(/^gitdir: /, ""));
}

async function followReference(git: GitFolders, name: string, steps: number): Promise<string | undefined> {
  const loose = (await readLine(join(git.gitDir, name))) ?? (await readLine(join(git.commonDir, name)));
  if (loose?.startsWith("ref: ") && steps > 0) return followReference(git, loose.slice("ref: ".length), steps - 1);
  if (loose !== undefined && OBJECT_ID.test(loose)) return loose;
  const packed = await readFile(join(git.commonDir, "packed-refs"), "utf8").catch(() => "");
  const line = packed.split("\n").find((each) => each.endsWith(` ${name}`));
  return line?.split(" ")[0];
}

const readLine = async (path: string): Promise<string | undefined> =>
  (await readFile(path, "utf8").catch(() => undefined))?.trim();
