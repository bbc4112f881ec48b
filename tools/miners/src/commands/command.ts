import { parseArgs, type ParseArgsOptionsConfig } from "node:util";
import { LemError } from "@lem/domain";
import { lemPaths } from "@lem/engines/paths";
import { findSource } from "../source/find-source.ts";
import type { SourceTree } from "../source/source-tree.ts";
import type { Target } from "../targets/target.ts";
import { readTarget, targetOf } from "../targets/targets.ts";

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

/** Options that say what is mined. */
export const WHICH = {
  engine: { type: "string" },
  target: { type: "string" },
  "engine-version": { type: "string" },
} as const;

/** The target and version that every command needs. @throws LemError `cli.usage`, `engine.unknown`, `mine.target` */
export function targetAndVersion(
  values: { readonly engine?: string; readonly target?: string; readonly "engine-version"?: string },
  usage: string,
): { readonly target: Target; readonly engine: string; readonly version: string } {
  const { engine, target: file, "engine-version": version } = values;
  if (version === undefined || (engine === undefined) === (file === undefined))
    throw new LemError("cli.usage", "--engine (or --target) and --engine-version are needed", { hint: usage });
  const target = file === undefined ? targetOf(engine ?? "") : readTarget(file);
  return { target, engine: target.engine, version };
}

/** The Python files that a command is about. @throws what {@link findSource} throws */
export async function sourceOf(
  {
    target,
    version,
    source,
  }: { readonly target: Target; readonly version: string; readonly source?: string | undefined },
  { env, signal }: MinerIo,
): Promise<SourceTree> {
  return await findSource({
    target,
    version,
    sourcesDir: lemPaths(env).sources,
    env,
    ...(source === undefined ? {} : { folder: source }),
    ...(signal === undefined ? {} : { signal }),
  });
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
