import { existsSync } from "node:fs";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCorpus } from "@lem/config/corpus";
import { isLemError, LemError } from "@lem/domain";
import { comparisonText, compareCorpora } from "../refresh/regeneration.ts";
import { engineAndVersion, readOptions, type MinerCommand, type MinerIo } from "./command.ts";
import { mineCommand } from "./mine.ts";

const USAGE = `regenerate --engine E --engine-version V [--source DIR] [--python FILE | --image NAME] [--jobs N]
  mines a version again and fails when a committed file is another; of an engine whose source is on no index, without
  --source, only the hashes are held against each other, and it says skipped
`;

const OPTIONS = {
  engine: { type: "string" },
  "engine-version": { type: "string" },
  source: { type: "string" },
  python: { type: "string" },
  image: { type: "string" },
  jobs: { type: "string" },
} as const;

const CORPORA = join(import.meta.dirname, "../../../../corpora");

/** Holds a committed corpus against one that is mined anew. */
export const regenerateCommand: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const values = readOptions(argv, OPTIONS, USAGE);
  const { engine, version } = engineAndVersion(values, USAGE);
  const committed = join(CORPORA, engine, version);
  await refuseUnsound(engine, version);
  const out = await mkdtemp(join(tmpdir(), "lem-regenerated-"));
  try {
    // What runs showed lies beside the rules, and is mined with them.
    await cp(committed, join(out, engine, version), { recursive: true });
    const code = await mineCommand.run([...argv, "--out", out, "--force"], { ...io, out: io.err });
    if (code !== 0) return code;
    const files = compareCorpora(committed, join(out, engine, version));
    io.out(`${engine} ${version}\n${comparisonText(files)}\n`);
    return files.every(({ isEqual }) => isEqual) ? 0 : 1;
  } catch (error) {
    if (!isLemError(error, "mine.source-missing") || values.source !== undefined) throw error;
    io.out(`${engine} ${version}: skipped, as its source is on no index (--source DIR); the hashes agree\n`);
    return 0;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

/** Reading a corpus holds all hashes against each other. @throws LemError `config.corpus-*` */
async function refuseUnsound(engine: string, version: string): Promise<void> {
  const found = existsSync(CORPORA) ? await loadCorpus(engine, { root: CORPORA, version }) : { status: "missing" };
  if (found.status === "exact") return;
  throw new LemError("config.corpus-missing", `there are no rules of ${engine} ${version} in ${CORPORA}`, {
    hint: `mine them first: pnpm mine --engine ${engine} --engine-version ${version}`,
  });
}
