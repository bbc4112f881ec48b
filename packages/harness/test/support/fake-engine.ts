import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSession, type WorkerSession } from "@lem/engines";

const PROGRAM = join(import.meta.dirname, "../fixtures/fake-worker.mjs");

/** Ways in which the fake worker misbehaves; runs count from 1, warm-up included. */
export interface FakeBehaviour {
  readonly load_fails?: boolean;
  readonly context?: number;
  readonly crash_in_run?: number;
  readonly hang_in_run?: number;
  readonly miscounts_run?: number;
  readonly cancels?: number;
  readonly pause_ms?: number;
  readonly devices?: readonly string[];
  /** Sections that a loaded model can be given anew. */
  readonly configures?: readonly string[];
  /** It cannot be given these. */
  readonly refuses?: boolean;
  readonly any_work?: boolean;
  /** Each group is one step. */
  readonly tells_steps?: boolean;
  /** How far its clock is from the host's. */
  readonly clock_ahead_ns?: number;
}

/** Fake engines with a log folder of their own, removed with {@link FakeEngines.clear}. */
export class FakeEngines {
  readonly pids: number[] = [];
  #folder: Promise<string> | undefined;

  /** Opens a real session with the fake worker. */
  async open(behaviour: FakeBehaviour, signal?: AbortSignal): Promise<WorkerSession> {
    this.#folder ??= mkdtemp(join(tmpdir(), "lem-harness-"));
    const session = await openSession({
      command: { file: process.execPath, args: [PROGRAM, JSON.stringify(behaviour)], env: {} },
      env: process.env,
      engine: "fake",
      logPath: join(await this.#folder, "log.txt"),
      deadlines: { hello_s: 20, load_s: 20, silence_s: 20, close_s: 5 },
      ...(signal === undefined ? {} : { signal }),
    });
    this.pids.push(session.pid);
    return session;
  }

  async clear(): Promise<void> {
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true });
  }
}

/** True while a process of that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
