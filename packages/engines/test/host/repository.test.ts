import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, realpath, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { repositoryFacts } from "../../src/host/repository.ts";
import { said } from "../fixtures/facts.ts";

const git = (folder: string, ...args: readonly string[]): string =>
  execFileSync(
    "git",
    ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "init.defaultBranch=main", ...args],
    {
      cwd: folder,
      encoding: "utf8",
      env: { PATH: process.env["PATH"], GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
      stdio: ["ignore", "pipe", "ignore"],
    },
  ).trim();

async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "lem-git-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A repository with one commit of files in folders whose names sort in git's own order. */
async function repository(): Promise<string> {
  const folder = await temporaryFolder();
  git(folder, "init", "-q");
  for (const name of ["a/b", "a-b", "a.b", "nested/deep"]) await mkdir(join(folder, name), { recursive: true });
  for (const name of ["a/b/c.txt", "a-b/x", "a.b/y", "a.txt", "nested/deep/ünïcode.txt", "run.sh"])
    await writeFile(join(folder, name), `content of ${name}\n`);
  await chmod(join(folder, "run.sh"), 0o755);
  await symlink("a.txt", join(folder, "link"));
  git(folder, "add", "-A");
  git(folder, "commit", "-q", "-m", "first");
  return folder;
}

const dirtyOf = async (folder: string): Promise<unknown> => said((await repositoryFacts(folder))["dirty"]);

test("commit and branch of a clean repository, found from a folder below", async () => {
  const folder = await repository();
  const facts = await repositoryFacts(join(folder, "nested", "deep"));
  expect(said(facts["commit"])).toBe(git(folder, "rev-parse", "HEAD"));
  expect(said(facts["branch"])).toBe("main");
  expect(said(facts["dirty"])).toBe(false);
});

test.each<readonly [change: string, make: (folder: string) => Promise<unknown> | string]>([
  ["a changed file", (folder) => writeFile(join(folder, "a.txt"), "content of A.txt\n")],
  ["a file of another size", (folder) => writeFile(join(folder, "a.txt"), "longer than it was before\n")],
  ["a deleted file", (folder) => rm(join(folder, "a.txt"))],
  ["a file made executable", (folder) => chmod(join(folder, "a.txt"), 0o755)],
  [
    "a link to elsewhere",
    async (folder) => {
      await rm(join(folder, "link"));
      await symlink("b.txt", join(folder, "link"));
    },
  ],
  [
    "a staged change",
    async (folder) => {
      await writeFile(join(folder, "a.txt"), "staged\n");
      git(folder, "add", "a.txt");
    },
  ],
  [
    "a staged new file",
    async (folder) => {
      await writeFile(join(folder, "new.txt"), "new\n");
      git(folder, "add", "new.txt");
    },
  ],
  ["a staged removal", (folder) => git(folder, "rm", "-q", "a.txt")],
  [
    "an announced file",
    async (folder) => {
      await writeFile(join(folder, "new.txt"), "new\n");
      git(folder, "add", "-N", "new.txt");
    },
  ],
])("%s makes it dirty", async (_, make) => {
  const folder = await repository();
  await make(folder);
  expect(await dirtyOf(folder)).toBe(true);
});

test("a change in the same instant as the index, of the same size, is seen by its content", async () => {
  const folder = await repository();
  const instant = new Date(1_790_000_000_000);
  const file = join(folder, "a.txt");
  await utimes(file, instant, instant);
  git(folder, "add", "-A");
  await writeFile(file, "content of A.txt\n");
  await utimes(file, instant, instant);
  await utimes(join(folder, ".git", "index"), instant, instant);
  expect(await dirtyOf(folder)).toBe(true);
});

test("untracked files, and files that were only touched, do not", async () => {
  const folder = await repository();
  await writeFile(join(folder, "untracked.txt"), "x");
  await utimes(join(folder, "a.txt"), new Date(0), new Date(0));
  expect(await dirtyOf(folder)).toBe(false);
});

test("packed references and packed commits are read", async () => {
  const folder = await repository();
  git(folder, "gc", "-q");
  const facts = await repositoryFacts(folder);
  expect(said(facts["commit"])).toBe(git(folder, "rev-parse", "HEAD"));
  expect(said(facts["dirty"])).toBe(false);
});

test("a linked worktree has its own branch and files", async () => {
  const folder = await repository();
  const other = join(await temporaryFolder(), "other");
  git(folder, "worktree", "add", "-q", "-b", "side", other);
  await writeFile(join(other, "a.txt"), "changed here\n");
  const facts = await repositoryFacts(other);
  expect(said(facts["branch"])).toBe("side");
  expect(said(facts["commit"])).toBe(git(folder, "rev-parse", "HEAD"));
  expect(said(facts["dirty"])).toBe(true);
  expect(await dirtyOf(folder)).toBe(false);
});

test("a detached head has a commit and no branch", async () => {
  const folder = await repository();
  git(folder, "checkout", "-q", "--detach");
  const facts = await repositoryFacts(folder);
  expect(said(facts["commit"])).toBe(git(folder, "rev-parse", "HEAD"));
  expect(said(facts["branch"])).toBe("<not-applicable>");
});

test("the index of version 4, with compressed names, is understood", async () => {
  const folder = await repository();
  git(folder, "update-index", "--index-version", "4");
  expect(await dirtyOf(folder)).toBe(false);
});

test("an index that cannot be read leaves it unknown, not clean", async () => {
  const folder = await repository();
  git(folder, "update-index", "--split-index");
  expect(await dirtyOf(folder)).toBe("<not-supported>");
});

test("a repository without commits", async () => {
  const folder = await temporaryFolder();
  git(folder, "init", "-q");
  const facts = await repositoryFacts(folder);
  expect(said(facts["commit"])).toBe("<not-applicable>");
  expect(said(facts["branch"])).toBe("main");
});

test("outside a repository every fact says so", async () => {
  const facts = await repositoryFacts(await temporaryFolder());
  expect(Object.values(facts).map(said)).toEqual(["<not-applicable>", "<not-applicable>", "<not-applicable>"]);
});
