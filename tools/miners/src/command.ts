import { parseArgs } from "node:util";
import { isLemError, LemError } from "@lem/domain";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import { lemPaths } from "@lem/engines/paths";
import { summarize, summaryText } from "./ledger/summary.ts";
import { findSource } from "./source/find-source.ts";
import { takeLedger } from "./take-ledger.ts";
import { targetOf } from "./targets/targets.ts";

/** What a command reads and writes besides files. */
export interface MinerIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly signal?: AbortSignal;
}

const USAGE = `usage: node tools/miners/src/cli.ts inventory --engine E --engine-version V [--source DIR] [--out FILE] [--json]
  --source DIR   a folder that holds the package, instead of the package index
  --out FILE     write the ledger of all sites
  --json         print the counts as JSON
`;

const OPTIONS = {
  engine: { type: "string" },
  "engine-version": { type: "string" },
  source: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** Runs the miner's command line; gives the exit code and never throws. */
export async function runMiner(argv: readonly string[], io: MinerIo): Promise<number> {
  try {
    const { values, positionals } = parsed(argv);
    if (values.help) return say(io, USAGE);
    if (positionals[0] !== "inventory" || positionals.length > 1)
      throw new LemError("cli.unknown-command", `there is no command ${positionals.join(" ") || "(none)"}`, {
        hint: USAGE,
      });
    return await inventory(values, io);
  } catch (error) {
    if (!isLemError(error)) throw error;
    io.err(`${error.code}: ${error.message}\n${error.hint === undefined ? "" : `hint: ${error.hint}\n`}`);
    return error.exitCode;
  }
}

type Values = ReturnType<typeof parsed>["values"];

async function inventory(values: Values, io: MinerIo): Promise<number> {
  const { engine, "engine-version": version, source, out } = values;
  if (engine === undefined || version === undefined)
    throw new LemError("cli.usage", "--engine and --engine-version are needed", { hint: USAGE });
  const target = targetOf(engine);
  const tree = await findSource({
    target,
    version,
    sourcesDir: lemPaths(io.env).sources,
    env: io.env,
    ...(source === undefined ? {} : { folder: source }),
    ...(io.signal === undefined ? {} : { signal: io.signal }),
  });
  const ledger = await takeLedger(tree, target);
  if (out !== undefined) await writeFileAtomic(out, `${JSON.stringify(ledger, null, 1)}\n`);
  const summary = summarize(ledger);
  return say(io, values.json ? `${JSON.stringify(summary, null, 2)}\n` : summaryText(summary));
}

function say(io: MinerIo, text: string): number {
  io.out(text);
  return 0;
}

function parsed(
  argv: readonly string[],
): ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new LemError("cli.usage", error instanceof Error ? error.message : String(error), { hint: USAGE });
  }
}
