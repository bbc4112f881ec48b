import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ExperimentResult } from "@lem/domain";

const BIN = new URL("../../bin/lem.js", import.meta.url).pathname;

/** The bin as a child process in a folder of its own. */
export interface LemProcess {
  readonly child: ChildProcess;
  readonly folder: string;
  /** Text of stderr and stdout so far. */
  readonly text: () => string;
  /** Waits until the output matches. */
  readonly until: (pattern: RegExp) => Promise<void>;
  /** Exit code, or the signal's name. */
  readonly ended: Promise<number | string>;
}

/** A folder that lem may fill, removed by {@link cleanUp}. */
export const makeFolder = (): string => mkdtempSync(join(tmpdir(), "lem-bin-"));

/** Starts the bin without a shell. */
export function startLem(args: readonly string[], options: { folder: string; env?: NodeJS.ProcessEnv }): LemProcess {
  const { folder } = options;
  const env = { ...process.env, INIT_CWD: folder, CI: "1", ...options.env };
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  const text = (): string => Buffer.concat(chunks).toString("utf8");
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<number | string>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal ?? "unknown"));
  });
  const until = async (pattern: RegExp): Promise<void> => {
    let over = false;
    void ended.then(() => (over = true));
    while (!pattern.test(text())) {
      if (over) throw new Error(`ended before ${pattern}:\n${text()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, folder, text, until, ended };
}

/** An experiment long enough to be stopped in the middle of its windows. */
export const LONG_RUN: readonly string[] =
  `run --engine llama-cpp --model builtin:tiny --set workload.n=400 --set workload.output_tokens=256
   --set measurement.windows=50 --set measurement.warmup.enabled=false --set llama-cpp.context.threads=1`.split(/\s+/);

/** The results below a folder. */
export function resultsIn(folder: string): ExperimentResult[] {
  return filesBelow(folder)
    .filter((file) => file.endsWith(join("r0", "result.json")))
    .map((file) => JSON.parse(readFileSync(file, "utf8")) as ExperimentResult);
}

/** Every file below a folder. */
export const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** Pids of a process's children. */
export const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);

/** Removes what a test made. */
export const cleanUp = (folder: string): void => rmSync(folder, { recursive: true, force: true });
