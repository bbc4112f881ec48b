import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { LemError } from "@lem/domain";
import { signalGroup } from "./process-group.ts";
import { within } from "./within.ts";

/** A program that answers lines on its stdin by lines on its stdout. */
export interface PipedCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What it is, for messages: `the probe`. */
  readonly what: string;
  /** What to do when it cannot be started. */
  readonly hint: string;
  /** Runs once when the program is gone or was not started; must not reject. */
  readonly cleanUp: () => Promise<void>;
}

/** How the program ended. */
export interface PipedEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last 16 Ki characters of its stderr. */
  readonly said: string;
}

/** A running program and the pipes to it. */
export interface PipedProcess {
  /** Sends one line; a line to a process that has ended is dropped, as `ended` tells. */
  send(line: string): void;
  /** Called with every line from the process; set once, before the first line is sent. */
  onLine(listener: (line: string) => void): void;
  /** Resolves when the process and its group are gone; never rejects. */
  readonly ended: Promise<PipedEnd>;
  /** Closes its input, which should end it, and kills it when that takes more than 2 s. */
  close(): Promise<PipedEnd>;
  /** Kills its group. */
  kill(): Promise<PipedEnd>;
}

const SAID_LIMIT = 16 * 1024;
const PATIENCE_MS = 2000;

/** Starts the program as the leader of its own process group. @throws LemError `worker.spawn` */
export async function startPiped(command: PipedCommand): Promise<PipedProcess> {
  const { file, args, env, cwd, what, hint } = command;
  try {
    const child = spawn(file, [...args], {
      env: { ...env },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      ...(cwd === undefined ? {} : { cwd }),
    });
    await once(child, "spawn");
    return new Piped(child, command.cleanUp);
  } catch (error) {
    await command.cleanUp();
    const said = error instanceof Error ? error.message : String(error);
    throw new LemError("worker.spawn", `${what} could not be started: ${said}`, { hint, cause: error });
  }
}

class Piped implements PipedProcess {
  readonly ended: Promise<PipedEnd>;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #said = "";

  constructor(child: ChildProcessByStdio<Writable, Readable, Readable>, cleanUp: () => Promise<void>) {
    this.#child = child;
    // A broken pipe means that the process is ending, which `ended` tells.
    child.stdin.on("error", () => {});
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#said = (this.#said + text).slice(-SAID_LIMIT);
    });
    this.ended = this.#follow(cleanUp);
  }

  send(line: string): void {
    if (this.#child.stdin.writable) this.#child.stdin.write(`${line}\n`);
  }

  onLine(listener: (line: string) => void): void {
    createInterface({ input: this.#child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on("line", listener);
  }

  async close(): Promise<PipedEnd> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#killGroup(), PATIENCE_MS);
    return this.ended.finally(() => clearTimeout(timer));
  }

  async kill(): Promise<PipedEnd> {
    this.#killGroup();
    return this.ended;
  }

  #killGroup(): void {
    if (this.#child.pid !== undefined) signalGroup(this.#child.pid, "SIGKILL");
  }

  async #follow(cleanUp: () => Promise<void>): Promise<PipedEnd> {
    const closed = once(this.#child, "close");
    await once(this.#child, "exit");
    this.#killGroup();
    // A process that left the group can hold the pipes open for ever.
    await within(closed, PATIENCE_MS);
    for (const stream of this.#child.stdio) stream?.destroy();
    await cleanUp();
    return { exitCode: this.#child.exitCode, signal: this.#child.signalCode, said: this.#said };
  }
}
