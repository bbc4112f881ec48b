import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { LemError } from "@lem/domain";
import { workerEnvironment } from "./environment.ts";
import { LogFile } from "./log-file.ts";
import { endGroup, signalGroup } from "./process-group.ts";
import { Redactor } from "./redactor.ts";
import type { ProcessOutcome, Runner, RunningProcess, StartOptions } from "./runner.ts";
import { within } from "./within.ts";

/** Time for a group to vanish after SIGKILL, and for its pipes to run dry after that. */
const PATIENCE_MS = 10_000;
const PIPES_MS = 2000;

/**
 * Runs workers as processes of this machine, each the leader of its own group. Descriptor 3 carries the protocol from
 * the worker (LEM_PROTOCOL_FD), so whatever engine code prints to 1 and 2 goes to the log.
 */
export const processRunner: Runner = { start };

async function start(options: StartOptions): Promise<RunningProcess> {
  const log = await LogFile.open(options.logPath, new Redactor(options.secrets), options.onLogFailure);
  try {
    const oomKills = kernelOomKills();
    const child = await spawned(options);
    return new LocalProcess(child, log, oomKills);
  } catch (error) {
    await log.close();
    throw spawnError(options.command.file, error);
  }
}

async function spawned({ command, env }: StartOptions): Promise<ChildProcess> {
  const child = spawn(command.file, [...command.args], {
    env: { ...workerEnvironment(env, command.env), LEM_PROTOCOL_FD: "3" },
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  await once(child, "spawn");
  return child;
}

const SPAWN_HINTS: Readonly<Record<string, string>> = {
  ENOENT: "the file or its interpreter does not exist; install the engine again",
  EACCES: "the file may not be executed; check its mode, or install the engine again",
  EAGAIN: "this user may not start more processes; see ulimit -u",
  EMFILE: "this process may not open more files; see ulimit -n",
};

function spawnError(file: string, error: unknown): LemError {
  const errno = (error as NodeJS.ErrnoException).code ?? "";
  const hint = SPAWN_HINTS[errno];
  const said = error instanceof Error ? error.message : String(error);
  return new LemError("worker.spawn", `cannot start ${file}: ${said}`, {
    cause: error,
    context: { file, errno },
    ...(hint === undefined ? {} : { hint }),
  });
}

class LocalProcess implements RunningProcess {
  readonly pid: number;
  readonly output: Readable;
  readonly exited: Promise<ProcessOutcome>;
  readonly #child: ChildProcess;
  readonly #stdin: Writable;
  readonly #log: LogFile;
  readonly #started: number = performance.now();
  readonly #hung: Promise<void>;
  #giveUp: () => void = () => {};
  #patience: NodeJS.Timeout | undefined;
  #killedBy: ProcessOutcome["killedBy"] = "nothing";
  #over = false;

  constructor(child: ChildProcess, log: LogFile, oomKillsBefore: number | null) {
    const [stdin, stdout, stderr, output] = child.stdio as unknown as [Writable, Readable, Readable, Readable];
    this.pid = child.pid as number;
    this.output = output;
    this.#child = child;
    this.#stdin = stdin;
    this.#log = log;
    // A broken pipe means that the process is ending, which `exited` tells.
    for (const stream of [stdin, output]) stream.on("error", () => {});
    this.#hung = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
    // Last words are on stderr, so it comes last in the tail.
    this.exited = this.#follow(Promise.all([log.copy(stdout), log.copy(stderr)]), oomKillsBefore);
  }

  writeLine(line: string): void {
    if (!this.#over) this.#stdin.write(`${line}\n`);
  }

  terminate(): void {
    this.#signal("SIGTERM");
  }

  kill(): void {
    if (this.#signal("SIGKILL")) this.#patience = setTimeout(this.#giveUp, PATIENCE_MS);
  }

  logTail(): string {
    return this.#log.tail();
  }

  moveLogTo(path: string): Promise<void> {
    return this.#log.moveTo(path);
  }

  #signal(signal: "SIGTERM" | "SIGKILL"): boolean {
    if (this.#over || this.#killedBy === "SIGKILL") return false;
    this.#killedBy = signal;
    return signalGroup(this.pid, signal);
  }

  async #follow(copied: Promise<unknown>, oomKillsBefore: number | null): Promise<ProcessOutcome> {
    const closed = once(this.#child, "close");
    await Promise.race([once(this.#child, "exit"), this.#hung]);
    this.#over = true;
    clearTimeout(this.#patience);
    const survivors = await endGroup(this.pid, PATIENCE_MS);
    await within(closed, PIPES_MS);
    for (const stream of this.#child.stdio) stream?.destroy();
    await copied;
    await this.#log.close();
    this.#child.unref();
    const oomKills = kernelOomKills();
    return {
      exitCode: this.#child.exitCode,
      signal: this.#child.signalCode,
      durationS: (performance.now() - this.#started) / 1000,
      stderrTail: this.#log.tail(),
      killedBy: this.#killedBy,
      oomKills: oomKills === null || oomKillsBefore === null ? null : oomKills - oomKillsBefore,
      survivors,
    };
  }
}

/** The kernel's count of processes that it killed for want of memory. */
function kernelOomKills(): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(readFileSync("/proc/vmstat", "latin1"))?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}
