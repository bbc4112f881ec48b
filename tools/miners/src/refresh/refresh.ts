import { readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { LemError } from "@lem/domain";
import { parseEngineVersions } from "@lem/engines";
import { lemPaths } from "@lem/engines/paths";
import type { MinerCommand, MinerIo } from "../commands/command.ts";
import { isJavaScript } from "../javascript/target-file.ts";
import { profilesOf } from "../targets/target.ts";
import { targetOf } from "../targets/targets.ts";
import { ACCEPTED, git, must, withCommit, type Repository } from "./git.ts";
import type { Loss } from "./losses.ts";
import { lossesSinceBefore } from "./standings.ts";

/** Renewing what lem knows of one engine, in its own checkout. */
export interface RefreshRequest {
  readonly repository: Repository;
  readonly engine: string;
  /** Options of the commands that ask the engine: where it is, where its source is. */
  readonly where: readonly string[];
  /** How many configurations are drawn for the score. */
  readonly n: string | undefined;
  /** The commit whose rules must not be lost. */
  readonly base: string;
  /** Why losses are borne; undefined where they are not. */
  readonly accept: string | undefined;
  readonly io: MinerIo;
}

/** The commands that the steps call. */
export interface RefreshCommands {
  readonly inventory: MinerCommand;
  readonly mine: MinerCommand;
  readonly replay: MinerCommand;
  readonly score: MinerCommand;
}

/** What was committed; null where nothing had changed. */
export interface Refreshed {
  readonly version: string;
  readonly commit: string | null;
}

/** All that a refresh may write. */
const written = (engine: string): readonly string[] => [
  `corpora/${engine}`,
  "docs",
  `engine_versions/${engine}.compat.json`,
];

/**
 * Renews the rules of an engine's current version: landmarks, mining, replay, score, documentation, and one commit of all
 * that came of it. A step that fails leaves no commit.
 * @throws LemError `mine.*`, `engine.*`, `run.interrupted`
 */
export async function refresh(request: RefreshRequest, commands: RefreshCommands): Promise<Refreshed> {
  const { repository, engine, where, n, io } = request;
  await refuseDirty(repository, engine);
  const version = await pinnedVersion(repository.root, engine);
  const which = ["--engine", engine, "--engine-version", version];
  const source = where.includes("--source") ? where.slice(where.indexOf("--source")).slice(0, 2) : [];
  // Of a package for Node, mining itself looks for the landmarks first.
  const isNode = isJavaScript(engine);
  if (!isNode) await step("landmarks", commands.inventory, [...which, ...source], io);
  await step("mine", commands.mine, [...which, ...where], io);
  await describeParameters(request, version);
  await step("replay", commands.replay, [...which, ...where], io);
  const size = n === undefined ? [] : ["--n", n];
  const profiles = isNode ? [[]] : profilesOf(targetOf(engine)).map(({ name }) => ["--profile", name]);
  for (const profile of profiles)
    await step(["score", ...profile.slice(1)].join(" "), commands.score, [...which, ...where, ...size, ...profile], io);
  io.err("== docs\n");
  await must(process.execPath, ["scripts/generate.mjs"], repository);
  const losses = await lossesSince(request, version);
  refuseLosses(request, losses);
  return { version, commit: await commitAll(request, version, losses) };
}

async function step(name: string, command: MinerCommand, argv: readonly string[], io: MinerIo): Promise<void> {
  io.err(`== ${name}\n`);
  const code = await command.run(argv, io);
  if (code !== 0)
    throw new LemError("mine.refresh", `the step ${name} found what must not be`, {
      hint: "see above; nothing is committed",
    });
}

/** One commit of what this made, and of nothing else. */
async function refuseDirty(repository: Repository, engine: string): Promise<void> {
  const changed = await git(repository, "status", "--porcelain", "--", ...written(engine));
  if (changed.trim() === "") return;
  throw new LemError("mine.refresh", `there are changes that are not committed:\n${changed.trimEnd()}`, {
    hint: "commit them first: what is renewed becomes one commit",
  });
}

async function pinnedVersion(root: string, engine: string): Promise<string> {
  const file = join(root, "engine_versions", `${engine}.yaml`);
  return parseEngineVersions(await readFile(file, "utf8"), file).current;
}

/** The parameters of the YAML's sections come from the engine's worker, which needs an installation by lem. */
async function describeParameters({ repository, engine, io }: RefreshRequest, version: string): Promise<void> {
  io.err("== parameters\n");
  // What comes with lem is described with the generated pages.
  if (isJavaScript(engine)) return;
  if (!existsSync(join(lemPaths(io.env).engines, `${engine}-${version}-cpu`)))
    return io.err(`${engine} ${version} is not installed by lem: its schema.json stays as it is\n`);
  const out = join("corpora", engine, version, "schema.json");
  const which = ["--engine", engine, "--engine-version", version, "--out", out];
  await must(process.execPath, ["packages/engines/scripts/describe-engine.ts", ...which], repository);
}

/** Against what the base has of the same version, or of the newest before it. */
const lossesSince = ({ repository, engine, base }: RefreshRequest, version: string): Promise<readonly Loss[]> =>
  withCommit(repository, { commit: base, paths: [`corpora/${engine}`] }, async (folder) =>
    lossesSinceBefore({ engine, version }, join(folder, "corpora"), join(repository.root, "corpora")),
  );

function refuseLosses({ engine, accept, io }: RefreshRequest, losses: readonly Loss[]): void {
  if (losses.length === 0) return;
  io.err(`== worse than before\n${losses.map((loss) => `  ${loss}\n`).join("")}`);
  if (accept !== undefined) return;
  throw new LemError("mine.refresh", `the rules of ${engine} are worse than before: ${losses.length} losses`, {
    hint: "mend the miner or the target; --accept REASON commits them all the same",
  });
}

async function commitAll(
  { repository, engine, accept }: RefreshRequest,
  version: string,
  losses: readonly Loss[],
): Promise<string | null> {
  const paths = written(engine).filter((path) => existsSync(join(repository.root, path)));
  await git(repository, "add", "--all", "--", ...paths);
  const staged = await git(repository, "diff", "--cached", "--name-only", "--", ...paths);
  if (staged.trim() === "") return null;
  const accepted = losses.length > 0 && accept !== undefined ? ["-m", `${ACCEPTED}: ${engine}: ${accept}`] : [];
  await git(repository, "commit", "--quiet", "-m", `Rules of ${engine} ${version}`, ...accepted, "--", ...paths);
  return (await git(repository, "rev-parse", "HEAD")).trim();
}
