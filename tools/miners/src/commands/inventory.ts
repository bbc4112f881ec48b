import { writeFileAtomic } from "@lem/engines/atomic-file";
import { summarize, summaryText } from "../ledger/summary.ts";
import { takeLedger } from "../take-ledger.ts";
import { readOptions, sourceOf, targetAndVersion, WHICH, type MinerCommand, type MinerIo } from "./command.ts";

const USAGE = `inventory {--engine E | --target FILE} --engine-version V [--source DIR] [--out FILE] [--json]
  --target FILE  the target of a package that is no engine of lem
  --source DIR   a folder that holds the package, instead of the package index
  --out FILE     write the ledger of all sites
  --json         print the counts as JSON
`;

const OPTIONS = {
  ...WHICH,
  source: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

/** Lists the sites of an engine version. */
export const inventory: MinerCommand = { usage: USAGE, run };

async function run(argv: readonly string[], io: MinerIo): Promise<number> {
  const values = readOptions(argv, OPTIONS, USAGE);
  const { target, version } = targetAndVersion(values, USAGE);
  const { source, out, json } = values;
  const tree = await sourceOf({ target, version, source }, io);
  const ledger = await takeLedger(tree, target);
  if (out !== undefined) await writeFileAtomic(out, `${JSON.stringify(ledger, null, 1)}\n`);
  const summary = summarize(ledger);
  io.out(json ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
  return 0;
}
