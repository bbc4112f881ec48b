import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LemError } from "@lem/domain";
import { runCommand, toolEnvironment } from "@lem/engines/command";

/** A repository, and how its programs are run. */
export interface Repository {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal | undefined;
}

/** Runs git; gives what it prints. @throws LemError `mine.refresh` with its last words */
export async function git({ root, env, signal }: Repository, ...args: readonly string[]): Promise<string> {
  return must("git", args, { root, env, signal });
}

/** Runs a program of the repository. @throws LemError `mine.refresh` with its last words */
export async function must(file: string, args: readonly string[], { root, env, signal }: Repository): Promise<string> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => /^(GIT_|LEM_)/.test(name)));
  const outcome = await runCommand({
    file,
    args,
    cwd: root,
    env: { ...toolEnvironment(env), ...(own as Readonly<Record<string, string>>) },
    ...(signal === undefined ? {} : { signal }),
  });
  if (outcome.exitCode === 0) return outcome.stdout;
  const said = (outcome.stderrTail.trim() || outcome.stdout.trim()).split("\n").slice(-5).join("\n");
  throw new LemError("mine.refresh", `${file} ${args.slice(0, 2).join(" ")} failed: ${said}`, {
    hint: "its last words say why",
  });
}

/** Unpacks paths of a commit into a folder for as long as something works with it; paths that it lacks are left out. */
export async function withCommit<T>(
  repository: Repository,
  { commit, paths }: { readonly commit: string; readonly paths: readonly string[] },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "lem-commit-"));
  try {
    const listed = await git(repository, "ls-tree", "--name-only", commit, "--", ...paths);
    const known = listed.split("\n").filter((path) => path !== "");
    if (known.length > 0) {
      const tar = join(folder, "commit.tar");
      await git(repository, "archive", "--format=tar", `--output=${tar}`, commit, "--", ...known);
      await must("tar", ["-xf", tar, "-C", folder], repository);
    }
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Name of the line of a commit's message that accepts what an engine's rules lose. */
export const ACCEPTED = "Accepted-loss";

/** The engines whose losses a commit after another accepts, with the reason. */
export async function acceptedLosses(repository: Repository, since: string): Promise<ReadonlyMap<string, string>> {
  const format = `--format=%(trailers:key=${ACCEPTED},valueonly)`;
  const lines = (await git(repository, "log", format, `${since}..HEAD`)).split("\n");
  return new Map(
    lines.flatMap((line): readonly (readonly [string, string])[] => {
      const [, engine, reason] = /^([a-z-]+): (.+)$/.exec(line.trim()) ?? [];
      return engine === undefined || reason === undefined ? [] : [[engine, reason]];
    }),
  );
}
