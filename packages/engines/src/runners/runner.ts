import type { Readable } from "node:stream";
import type { LemError } from "@lem/domain";
import type { WorkerCommand } from "../adapter.ts";

/** How a worker's process ended, and what was needed for it. */
export interface ProcessOutcome {
  /** Null when a signal ended it, or when it could not be ended. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Seconds from start to end. */
  readonly durationS: number;
  /** The last lines of what it wrote besides the protocol, secrets removed. */
  readonly stderrTail: string;
  /** The strongest signal that lem sent while it ran. */
  readonly killedBy: "nothing" | "SIGTERM" | "SIGKILL";
  /** Times the kernel ran out of memory and killed something while it ran; null where the kernel does not say. */
  readonly oomKills: number | null;
  /** Processes of its group that even SIGKILL did not end: hung in a driver. Empty otherwise. */
  readonly survivors: readonly number[];
}

/** A worker's process and the pipes to it. */
export interface RunningProcess {
  readonly pid: number;
  /** The protocol's bytes from the worker. */
  readonly output: Readable;
  /** Resolves when the process and its whole group are gone and its log is complete; never rejects. */
  readonly exited: Promise<ProcessOutcome>;
  /** Sends one line to its stdin; a line to a process that has ended is dropped, as `exited` tells. */
  writeLine(line: string): void;
  /** Asks the group to end: SIGTERM. */
  terminate(): void;
  /** Ends the group: SIGKILL. */
  kill(): void;
  /** At most 200 last lines of its log. */
  logTail(): string;
  /** Goes on in another, empty log. @throws LemError `io.*` */
  moveLogTo(path: string): Promise<void>;
}

/** What a runner needs to start a worker. */
export interface StartOptions {
  readonly command: WorkerCommand;
  /** The environment that is cleaned before the worker sees it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** File to which all chatter of the engine is appended. */
  readonly logPath: string;
  /** Texts that must not reach the log. */
  readonly secrets: readonly string[];
  /** Told once when the log can no longer be written. */
  readonly onLogFailure: (error: LemError) => void;
}

/** A way to run workers: a process here, or one in a container. */
export interface Runner {
  /** Rejects with `worker.spawn`, or `io.*` when the log cannot be opened; then nothing is left running. */
  start(options: StartOptions): Promise<RunningProcess>;
}
