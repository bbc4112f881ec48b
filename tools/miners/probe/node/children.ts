import { fork, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Recipe } from "./child.ts";

/** Probes that one process answers before another takes its place. */
const MOST = 200;

type Answer = { readonly ok?: unknown; readonly error?: string };

/** How a process ended that owed an answer. */
type End = { readonly ended: string } | { readonly late: true };

/** Processes that hold the engine, one after another. One that dies over a configuration shows what that does. */
export class Children {
  readonly #recipe: Recipe;
  readonly #seconds: number;
  readonly #folder = mkdtempSync(join(tmpdir(), "lem-probe-children-"));
  readonly #places = new Map<string, unknown>();
  #child: ChildProcess | undefined;
  /** Stands by while the other one works: engines take their time to start. */
  #spare: Promise<ChildProcess> | undefined;
  #tried = 0;

  constructor(recipe: Recipe, seconds: number) {
    this.#recipe = { ...recipe, files: { ...recipe.files, ...this.#written(recipe) } };
    this.#seconds = seconds;
  }

  #written({ contents }: Recipe): Readonly<Record<string, string>> {
    return Object.fromEntries(
      Object.entries(contents).map(([name, text]) => {
        const file = join(this.#folder, name);
        writeFileSync(file, Buffer.from(text, "base64"));
        return [name, file];
      }),
    );
  }

  async resolve(name: string): Promise<unknown> {
    const child = await this.#ready();
    const outcome = await ask(child, { op: "resolve", name }, this.#seconds);
    return "ok" in outcome ? outcome.ok : { kind: "unavailable", reason: "the engine gave no answer" };
  }

  async try(request: { readonly id: number }): Promise<unknown> {
    const { id } = request;
    const outcome = await ask(await this.#ready(), { op: "try", request }, this.#seconds);
    this.#tried += 1;
    if ("ok" in outcome) return outcome.ok;
    this.#drop();
    if ("late" in outcome) return { id, kind: "lost", reason: "timeout" };
    if ("error" in outcome) return { id, kind: "unconstructible", reason: String(outcome.error) };
    const frames = "ended" in outcome ? this.#places.get(outcome.ended) : undefined;
    return "ended" in outcome && frames !== undefined ? died(id, outcome.ended, frames) : await this.#again(request);
  }

  async end(): Promise<void> {
    this.#drop();
    (await this.#spare?.catch(() => undefined))?.kill("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** The same once more, watched: the engine dies of it, or died of something else. */
  async #again(request: { readonly id: number }): Promise<unknown> {
    const trace = join(this.#folder, "trace.json");
    rmSync(trace, { force: true });
    const child = await started(this.#recipe, { ...process.env, TRACE_FILE: trace });
    const outcome = await ask(child, { op: "try", request }, this.#seconds);
    child.kill("SIGKILL");
    const { id } = request;
    if ("ok" in outcome) return outcome.ok;
    if (!("ended" in outcome)) return { id, kind: "lost", reason: "timeout" };
    const frames = framesIn(trace);
    this.#places.set(outcome.ended, frames);
    return died(id, outcome.ended, frames);
  }

  async #ready(): Promise<ChildProcess> {
    if (this.#tried >= MOST) this.#drop();
    if (this.#child === undefined) {
      this.#child = await (this.#spare ?? started(this.#recipe, process.env));
      this.#spare = started(this.#recipe, process.env);
      this.#spare.catch(() => {});
    }
    return this.#child;
  }

  #drop(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
    this.#tried = 0;
  }
}

/** What the engine died of, where the same end was seen to come. */
function died(id: number, type: string, frames: unknown): unknown {
  const exception = { type, mro: [type], frames, items: [] };
  return { id, kind: "done", flaky: false, stages: [{ stage: 0, outcome: "raised", exception, said: [], state: {} }] };
}

function framesIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    return [];
  }
}

async function started(recipe: Recipe, env: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, "child.ts"), {
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // Many processes read the same program.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "compiled"), ...env },
  });
  const outcome = await ask(child, { op: "start", recipe }, 120);
  if ("ok" in outcome) return child;
  child.kill("SIGKILL");
  throw new Error(`the engine does not start: ${JSON.stringify(outcome)}`);
}

function ask(child: ChildProcess, message: object, seconds: number): Promise<Answer | End> {
  return new Promise((resolve) => {
    const done = (outcome: Answer | End): void => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      resolve(outcome);
    };
    const onMessage = (answer: Answer): void => done(answer);
    const onExit = (code: number | null, signal: string | null): void => done({ ended: signal ?? `exit ${code}` });
    const timer = setTimeout(() => done({ late: true }), seconds * 1000);
    child.on("message", onMessage);
    child.on("exit", onExit);
    if (child.connected) child.send(message);
  });
}
