import { join } from "node:path";
import { LemError } from "@lem/domain";
import { refresh } from "../refresh/refresh.ts";
import { readOptions, type MinerCommand, type MinerIo } from "./command.ts";
import { inventory } from "./inventory.ts";
import { mineCommand } from "./mine.ts";
import { replayCommand } from "./replay.ts";
import { scoreCommand } from "./score.ts";

const USAGE = `refresh --engine E [--python FILE | --image NAME] [--source DIR] [--n N] [--base COMMIT] [--accept REASON]
  all that follows a change of engine_versions/E.yaml: landmarks, mining, replay, score, documentation, and one commit
  --python FILE    an interpreter that has the engine; the one that lem installed unless told
  --image NAME     a docker image that has the engine: the probe runs in a container
  --source DIR     a folder that holds the package, instead of the package index
  --n N            configurations of each class and stratum that the score draws (5000)
  --base COMMIT    the commit whose rules must not be lost (HEAD)
  --accept REASON  commit even what is worse than before; the reason stands in the commit
`;

const OPTIONS = {
  engine: { type: "string" },
  python: { type: "string" },
  image: { type: "string" },
  source: { type: "string" },
  n: { type: "string" },
  base: { type: "string", default: "HEAD" },
  accept: { type: "string" },
} as const;

const ROOT = join(import.meta.dirname, "../../../..");

/** Renews all that lem knows of an engine's current version. */
export const refreshCommand: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const { engine, n, base, accept, ...places } = readOptions(argv, OPTIONS, USAGE);
  if (engine === undefined) throw new LemError("cli.usage", "--engine is needed", { hint: USAGE });
  const where = Object.entries(places).flatMap(([name, value]) => [`--${name}`, value]);
  const repository = { root: ROOT, env: io.env, signal: io.signal };
  const commands = { inventory, mine: mineCommand, replay: replayCommand, score: scoreCommand };
  const { version, commit } = await refresh({ repository, engine, where, n, base, accept, io }, commands);
  io.out(`${engine} ${version}: ${commit === null ? "nothing has changed" : `commit ${commit}`}\n`);
  return 0;
}
