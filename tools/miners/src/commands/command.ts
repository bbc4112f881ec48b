import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { LemError } from "@lem/domain";

/** What a command reads and writes besides files. */
export interface MinerIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** One command of the miner. */
export interface MinerCommand {
  /** How it is called, a line an option. */
  readonly usage: string;
  /** Gives the exit code. @throws LemError */
  run(argv: readonly string[], io: MinerIo): Promise<number>;
}

/** Reads options; nothing else may stand on the line. @throws LemError `cli.usage` */
export function readOptions<T extends ParseArgsOptionsConfig>(
  argv: readonly string[],
  options: T,
  usage: string,
): ReturnType<typeof parseArgs<{ options: T }>>["values"] {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    throw new LemError("cli.usage", error instanceof Error ? error.message : String(error), { hint: usage });
  }
}

/** The engine and version that every command needs. @throws LemError `cli.usage` */
export function engineAndVersion(
  values: { readonly engine?: string; readonly "engine-version"?: string },
  usage: string,
): { readonly engine: string; readonly version: string } {
  const { engine, "engine-version": version } = values;
  if (engine !== undefined && version !== undefined) return { engine, version };
  throw new LemError("cli.usage", "--engine and --engine-version are needed", { hint: usage });
}
