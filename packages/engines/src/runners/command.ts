import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { LemError } from "@lem/domain";
import { signalGroup } from "./process-group.ts";

/** A program to run to its end; no shell is involved. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment of the program; nothing is added to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Ends the program and everything it started. */
  readonly signal?: AbortSignal;
  /** Receives each line of stdout and stderr as it appears; must not throw. */
  readonly onLine?: (line: string) => void;
}

/** How a program ended. */
export interface CommandOutcome {
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The first 4 Mi characters of stdout. */
  readonly stdout: string;
  /** The last 16 Ki characters of stderr. */
  readonly stderrTail: string;
}

const STDOUT_LIMIT = 4 * 1024 * 1024;
const STDERR_LIMIT = 16 * 1024;
const KILL_AFTER_MS = 2000;
/** Time for pipes to run dry after the program ended; a process that left its group can hold them open for ever. */
const PIPES_MS = 2000;

/** Variables that tools need to find their files, network and language; tokens are not among them. */
const INHERITED =
  /^(?:PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|XDG_.*|PIP_.*|UV_.*|VIRTUAL_ENV|SSL_CERT_.*|REQUESTS_CA_BUNDLE|(?:https?|no|all)_proxy|LD_LIBRARY_PATH|CUDA_.*|SYSTEMROOT)$/i;

/** The part of an environment that a tool such as pip may see: no `HF_TOKEN`, no other program's secrets. */
export function toolEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && INHERITED.test(entry[0]),
  );
  return Object.fromEntries(kept);
}

/**
 * Runs a program to its end in its own process group, of which nothing outlives it. A raised `signal` ends the group:
 * SIGTERM, 2 s later SIGKILL.
 * @throws LemError `worker.spawn` when it cannot be started, `run.interrupted` when `signal` ended it
 */
export async function runCommand(command: Command): Promise<CommandOutcome> {
  refuseAborted(command);
  const child = await started(command);
  const stdout = collect(child.stdout, (text) => text.slice(0, STDOUT_LIMIT));
  const stderr = collect(child.stderr, (text) => text.slice(-STDERR_LIMIT));
  if (command.onLine !== undefined) watchLines([child.stdout, child.stderr], command.onLine);
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    killing = endGroup(child);
  };
  command.signal?.addEventListener("abort", stop, { once: true });
  if (command.signal?.aborted === true) stop();
  try {
    const ended = await ending(child);
    refuseAborted(command);
    return { ...ended, stdout: stdout(), stderrTail: stderr() };
  } finally {
    clearTimeout(killing);
    command.signal?.removeEventListener("abort", stop);
  }
}

function refuseAborted(command: Command): void {
  if (command.signal?.aborted === true) {
    throw new LemError("run.interrupted", `${command.file} was stopped`, { cause: command.signal.reason });
  }
}

type Running = ChildProcessByStdio<null, Readable, Readable>;

/** Some failures are thrown, others are told by an event. */
async function started({ file, args, env, cwd }: Command): Promise<Running> {
  try {
    const child = spawn(file, [...args], {
      env: { ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      ...(cwd === undefined ? {} : { cwd }),
    });
    await once(child, "spawn");
    return child;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const hint = "check that the program exists and may be executed";
    throw new LemError("worker.spawn", `${file} could not be started: ${said}`, { hint, cause: error });
  }
}

function ending(child: Running): Promise<Pick<CommandOutcome, "exitCode" | "signal">> {
  return new Promise((resolve) => {
    child.once("exit", () => cleanUp(child));
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
  });
}

/** After the end of the program itself: what it left running ends too, and its pipes are not read for ever. */
function cleanUp(child: Running): void {
  if (child.pid !== undefined) signalGroup(child.pid, "SIGKILL");
  const pipes = setTimeout(() => [child.stdout, child.stderr].forEach((pipe) => pipe.destroy()), PIPES_MS);
  child.once("close", () => clearTimeout(pipes));
}

function collect(stream: Readable, bound: (text: string) => string): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    text = bound(text + chunk);
  });
  return () => text;
}

function watchLines(streams: readonly Readable[], onLine: (line: string) => void): void {
  for (const input of streams) createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }).on("line", onLine);
}

function endGroup({ pid, exitCode, signalCode }: ChildProcess): NodeJS.Timeout | undefined {
  if (pid === undefined || exitCode !== null || signalCode !== null) return undefined;
  signalGroup(pid, "SIGTERM");
  return setTimeout(() => signalGroup(pid, "SIGKILL"), KILL_AFTER_MS);
}
