import { fact, missingFact } from "@lem/domain";
import type { HostFacts } from "./files.ts";
import { findChanges } from "./git/changes.ts";
import { findGit, readHead, type GitFolders, type GitHead } from "./git/head.ts";

const FACT_NAMES = ["commit", "branch", "dirty"] as const;

/**
 * Facts of the git repository that a folder lies in: commit, branch, and whether tracked files differ from it. Reads
 * git's files and runs nothing. Outside a repository each fact is `not-applicable`.
 */
export async function repositoryFacts(folder: string): Promise<HostFacts> {
  const git = await findGit(folder);
  if (git === undefined) return allMissing("the project is not in a git repository");
  const head = await readHead(git);
  return {
    commit: head.commit === undefined ? missingFact("not-applicable", noCommit(head)) : fact(head.commit, ".git/HEAD"),
    branch:
      head.branch === undefined
        ? missingFact("not-applicable", "no branch is checked out")
        : fact(head.branch, ".git/HEAD"),
    dirty: await dirtyFact(git, head),
  };
}

async function dirtyFact(git: GitFolders, head: GitHead): Promise<HostFacts[string]> {
  if (head.commit === undefined) return missingFact("not-applicable", noCommit(head));
  const changes = await findChanges(git, head.commit).catch(() => ({ unknown: "git's files could not be read" }));
  if ("unknown" in changes) return missingFact("not-supported", changes.unknown);
  return fact(changes.dirty, "git's index, its commit and the working files; untracked files do not count");
}

const noCommit = (head: GitHead): string =>
  head.branch === undefined ? "HEAD does not name a commit" : `no commit of branch ${head.branch} was found`;

const allMissing = (detail: string): HostFacts =>
  Object.fromEntries(FACT_NAMES.map((name) => [name, missingFact("not-applicable", detail)]));
