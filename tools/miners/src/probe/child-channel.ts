import { spawn, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { LemError } from "@lem/domain";
import type { ProbeChannel, ProbeEnd } from "./transport.ts";

/** A program that speaks the probe's protocol on its stdin and stdout. */
export interface ChildCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What to do when the program is not there. */
  readonly hint: string;
  /** Runs once when the program is gone, however it ended. */
  readonly cleanUp: () => Promise<void>;
}

const SAID_LIMIT = 16 * 1024;
const PATIENCE_MS = 2000;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts the program in its own process group. @throws LemError `worker.spawn` */
export async function startChild(command: ChildCommand): Promise<ProbeChannel> {
  const { file, args, env, cwd, hint } = command;
  try {
    const child = spawn(file, [...args], {
      env: { ...env },
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      ...(cwd === undefined ? {} : { cwd }),
    });
    await once(child, "spawn");
    return new ChildChannel(child, command.cleanUp);
  } catch (error) {
    await command.cleanUp();
    const said = error instanceof Error ? error.message : String(error);
    throw new LemError("worker.spawn", `the probe could not be started: ${said}`, { hint, cause: error });
  }
}

class ChildChannel implements ProbeChannel {
  readonly ended: Promise<ProbeEnd>;
  readonly #child: Child;
  #said = "";

  constructor(child: Child, cleanUp: () => Promise<void>) {
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

  async close(): Promise<ProbeEnd> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#signal("SIGKILL"), PATIENCE_MS);
    return this.ended.finally(() => clearTimeout(timer));
  }

  async kill(): Promise<ProbeEnd> {
    this.#signal("SIGKILL");
    return this.ended;
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // It is gone already.
    }
  }

  async #follow(cleanUp: () => Promise<void>): Promise<ProbeEnd> {
    const closed = once(this.#child, "close");
    await once(this.#child, "exit");
    this.#signal("SIGKILL");
    // A process that left the group can hold the pipes open for ever.
    await Promise.race([closed, sleep(PATIENCE_MS, undefined, { ref: false })]);
    for (const stream of this.#child.stdio) stream?.destroy();
    await cleanUp();
    return { exitCode: this.#child.exitCode, signal: this.#child.signalCode, said: this.#said };
  }
}
