import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { LemError } from "@lem/domain";

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
 * Runs a program to its end in its own process group, which a raised `signal` ends: SIGTERM, 2 s later SIGKILL.
 * @throws LemError `worker.spawn` when it cannot be started, `run.interrupted` when `signal` ended it
 */
export async function runCommand(command: Command): Promise<CommandOutcome> {
  refuseAborted(command);
  const child = spawn(command.file, [...command.args], {
    env: { ...command.env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
  });
  const stdout = collect(child.stdout, (text) => text.slice(0, STDOUT_LIMIT));
  const stderr = collect(child.stderr, (text) => text.slice(-STDERR_LIMIT));
  if (command.onLine !== undefined) watchLines([child.stdout, child.stderr], command.onLine);
  const stop = (): void => endGroup(child);
  command.signal?.addEventListener("abort", stop, { once: true });
  try {
    const ended = await outcomeOf(child, command.file);
    refuseAborted(command);
    return { ...ended, stdout: stdout(), stderrTail: stderr() };
  } finally {
    command.signal?.removeEventListener("abort", stop);
  }
}

function refuseAborted(command: Command): void {
  if (command.signal?.aborted === true) {
    throw new LemError("run.interrupted", `${command.file} was stopped`, { cause: command.signal.reason });
  }
}

function outcomeOf(child: ChildProcess, file: string): Promise<Pick<CommandOutcome, "exitCode" | "signal">> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => {
      const hint = "check that the program exists and may be executed";
      reject(new LemError("worker.spawn", `${file} could not be started: ${error.message}`, { hint, cause: error }));
    });
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal }));
  });
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

/** The group can outlive its leader: a grandchild may ignore the first signal or have closed our pipes. */
function endGroup(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  signalGroup(pid, "SIGTERM");
  const timer = setTimeout(() => signalGroup(pid, "SIGKILL"), KILL_AFTER_MS);
  child.once("close", () => {
    clearTimeout(timer);
    signalGroup(pid, "SIGKILL");
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is gone already.
  }
}
