import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LemError } from "@lem/domain";
import { acceptedLosses, withCommit } from "../refresh/git.ts";
import { lossesBetween } from "../refresh/standings.ts";
import { readOptions, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `gate --base COMMIT [--engine E]
  --base COMMIT  fails when a place left a bucket for a worse one since then, or a score dropped; a commit since then
                 can accept that, with a line "Accepted-loss: ENGINE: reason" at the end of its message
  --engine E     only this engine
`;

const OPTIONS = { base: { type: "string" }, engine: { type: "string" } } as const;

const ROOT = join(import.meta.dirname, "../../../..");

/** Holds the corpora against those of an earlier commit. */
export const gateCommand: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const { base, engine: only } = readOptions(argv, OPTIONS, USAGE);
  if (base === undefined) throw new LemError("cli.usage", "--base is needed", { hint: USAGE });
  const repository = { root: ROOT, env: io.env, signal: io.signal };
  const accepted = await acceptedLosses(repository, base);
  const losses = await withCommit(repository, { commit: base, paths: ["corpora"] }, async (folder) => {
    const before = join(folder, "corpora");
    const engines = existsSync(before) ? readdirSync(before, { withFileTypes: true }) : [];
    const asked = engines.filter((each) => each.isDirectory() && (only === undefined || each.name === only));
    return asked.map(({ name }) => ({ name, lost: lossesBetween(name, before, join(ROOT, "corpora")) }));
  });
  const refused = losses.filter(({ name, lost }) => lost.length > 0 && !accepted.has(name));
  for (const { name, lost } of losses) {
    const verdict = accepted.has(name) ? `accepted: ${accepted.get(name)}` : "not accepted";
    io.out(lost.length === 0 ? `${name}: nothing is lost\n` : `${name}: ${verdict}\n  ${lost.join("\n  ")}\n`);
  }
  return refused.length === 0 ? 0 : 1;
}
