import { join } from "node:path";
import { LemError } from "@lem/domain";
import { entryReport, mineReport } from "../emit/report.ts";
import { gapReport } from "../gaps/gap-report.ts";
import { keptGaps, mergeGaps } from "../gaps/gap-file.ts";
import { readGaps } from "../gaps/read-gaps.ts";
import { mine, type Machine, type MineRequest } from "../mine.ts";
import { findTransport } from "../probe/find-transport.ts";
import type { ProbeTransport } from "../probe/transport.ts";
import { profilesOf, type Target } from "../targets/target.ts";
import { isJavaScript } from "../javascript/target-file.ts";
import { mineOptionsCommand } from "./mine-options.ts";
import { readOptions, sourceOf, targetAndVersion, WHICH, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `mine {--engine E | --target FILE} --engine-version V [--source DIR] [--python FILE | --image NAME] [--out DIR] [--seed N] [--only NAME] [--profile P] [--gaps PATH] [--jobs N] [--force]
  --target FILE  the target of a package that is no engine of lem
  --source DIR   a folder that holds the package, instead of the package index
  --python FILE  an interpreter that has the engine, instead of the installed one
  --image NAME   a docker image that has the engine (see image): the probe runs in a container
  --out DIR      folder of all corpora; the repository's own unless told
  --only NAME    only classes whose name ends so; nothing is written
  --profile P    only for this kind of machine of the target's: the corpus then tells of no other
  --gaps PATH    what runs showed and the rules did not know: results, or the output of lem engines gaps --json
  --jobs N       how many classes are proven at a time, each on a process of its own (1)
  --force        mine again what was mined from the same inputs
`;

const OPTIONS = {
  ...WHICH,
  source: { type: "string" },
  python: { type: "string" },
  image: { type: "string" },
  out: { type: "string" },
  seed: { type: "string", default: "1" },
  only: { type: "string" },
  profile: { type: "string" },
  gaps: { type: "string" },
  jobs: { type: "string", default: "1" },
  force: { type: "boolean", default: false },
} as const;

const CORPORA = join(import.meta.dirname, "../../../../corpora");

/** Mines an engine version into its corpus. */
export const mineCommand: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const values = readOptions(argv, OPTIONS, USAGE);
  const { source, out = CORPORA, only, force } = values;
  if (values.engine !== undefined && isJavaScript(values.engine)) {
    const { engine, "engine-version": wanted, gaps } = values;
    const choice = { engine, version: wanted, source, out, only, gaps, force, seed: seedOf(values.seed) };
    return await mineOptionsCommand(choice, io);
  }
  const { target, engine, version } = targetAndVersion(values, USAGE);
  const signal = io.signal === undefined ? {} : { signal: io.signal };
  const tree = await sourceOf({ target, version, source }, io);
  const corpus = join(out, engine, version);
  const request: MineRequest = {
    tree,
    target,
    machines: machinesOf(target, values.profile, (profile) =>
      findTransport({ ...values, target, version, profile, env: io.env }),
    ),
    folder: only === undefined ? corpus : null,
    seed: seedOf(values.seed),
    jobs: seedOf(values.jobs, "--jobs"),
    force,
    only,
    gaps: await allGaps(corpus, engine, values.gaps),
    onEntry: (entry, seconds, profile) => io.err(`${profile}: ${entryReport(entry, seconds)}`),
    ...signal,
  };
  const outcome = await mine(request);
  if (outcome.kind === "unchanged") io.out(`${engine} ${version}: nothing has changed\n`);
  else io.out(mineReport(outcome.mined) + gapReport(request.gaps, outcome));
  return 0;
}

/** The kinds of machines that a target is mined for, or the one that is named. */
function machinesOf(
  target: Target,
  named: string | undefined,
  transportOf: (profile: string) => ProbeTransport,
): MineRequest["machines"] {
  const known = profilesOf(target);
  const chosen = known.filter(({ name }) => named === undefined || name === named);
  const machines = chosen.map(({ name, isPretended }): Machine => ({
    profile: name,
    isPretended,
    transport: transportOf(name),
  }));
  const [first, ...others] = machines;
  if (first !== undefined) return [first, ...others];
  throw new LemError("cli.usage", `${target.engine} is not mined for ${named}`, {
    hint: `its profiles: ${known.map(({ name }) => name).join(", ")}`,
  });
}

/** Gaps of before, and those of the engine at a path. */
async function allGaps(corpus: string, engine: string, path: string | undefined): Promise<MineRequest["gaps"]> {
  const fresh = path === undefined ? [] : await readGaps(path);
  return mergeGaps(
    await keptGaps(corpus),
    fresh.filter((gap) => gap.engine === engine),
  );
}

function seedOf(text: string, option = "--seed"): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new LemError("cli.usage", `${option} ${text} is no number`, { hint: USAGE });
}
