import { join } from "node:path";
import { lemPaths } from "../../src/paths.ts";
import { loadAdapter } from "../../src/registry.ts";
import { resolveModel } from "../../src/models/resolve.ts";
import type { ModelArtifact } from "../../src/models/artifact.ts";
import type { Replies, Requests, Sections, WorkerEvent, WorkRequest } from "../../src/worker/protocol.ts";
import type { WorkerSession } from "../../src/worker/session.ts";
import { open, PATIENT, temporaryFolder } from "../fixtures/open-fake.ts";

/** One thread: tests share their machine, and llama.cpp spins while it waits for threads that do not run. */
export const ONE_THREAD = { context: { threads: 1 } } as const;

/** A model in the cache of this user, in the format of the engine. */
export const model = (name: string): Promise<ModelArtifact> =>
  resolveModel({
    model: name,
    formats: ["gguf"],
    cwd: process.cwd(),
    modelsDir: lemPaths(process.env).models,
    env: process.env,
    emit: () => {},
  });

/** A worker of llama.cpp that ends with the test. */
export async function openWorker(): Promise<WorkerSession> {
  const found = await (await loadAdapter("llama-cpp")).locate({ enginesDir: "/nonexistent", env: process.env });
  if (found.status === "missing") throw new Error(found.reason);
  return open({
    command: found.command,
    engine: "llama-cpp",
    env: process.env,
    logPath: join(temporaryFolder(), "log.txt"),
    deadlines: PATIENT,
  });
}

/** What a test changes of an ordinary load. */
export interface LoadChanges {
  readonly path?: string;
  readonly sections?: Sections;
  readonly parallel?: number;
  readonly max_sequence_tokens?: number;
  readonly onEvent?: (event: WorkerEvent) => void;
}

/** Loads `builtin:tiny`, or another file, on one thread unless told otherwise. */
export async function load(session: WorkerSession, changes: LoadChanges = {}): Promise<Replies["load"]> {
  const { path, sections = {}, parallel = 1, max_sequence_tokens = 256, onEvent } = changes;
  const request: Requests["load"] = {
    model: path ?? (await model("builtin:tiny")).path,
    format: "gguf",
    sections: { ...sections, context: { ...ONE_THREAD.context, ...sections["context"] } },
    parallel,
    max_sequence_tokens,
    seed: 1,
  };
  return session.request("load", request, onEvent);
}

/** One request as its events tell it. */
export interface Told {
  readonly ids: number[];
  readonly t_ns: number[];
  submitted?: number;
  finished?: Extract<WorkerEvent, { event: "finished" }>;
}

/** What a test changes of an ordinary run. */
export interface RunChanges {
  readonly concurrency?: number;
  readonly pinned_output?: boolean;
}

/** Runs groups and gathers what is told of each request. */
export async function runGroups(
  session: WorkerSession,
  groups: readonly (readonly WorkRequest[])[],
  { concurrency = 1, pinned_output = true }: RunChanges = {},
): Promise<{ readonly reply: Replies["run"]; readonly told: ReadonlyMap<number, Told>; readonly origin: number }> {
  const told = new Map<number, Told>(groups.flat().map(({ r }) => [r, { ids: [], t_ns: [] }]));
  let origin = -1;
  const reply = await session.request("run", { groups, concurrency, pinned_output, seed: 1 }, (event) => {
    if (event.event === "origin") origin = event.origin_ns;
    if (!("r" in event)) return;
    const one = told.get(event.r);
    if (one === undefined) throw new Error(`events of request ${event.r}, which was not asked`);
    if (event.event === "submitted") one.submitted = event.t_ns;
    if (event.event === "finished") one.finished = event;
    if (event.event !== "tokens") return;
    one.ids.push(...event.ids);
    one.t_ns.push(...event.t_ns);
  });
  return { reply, told, origin };
}

/** The ids of some texts, cut to a length. */
export async function tokens(session: WorkerSession, texts: readonly string[], limit = 100): Promise<number[][]> {
  const { ids } = await session.request("tokenize", { texts, add_special_tokens: true });
  return ids.map((one) => one.slice(0, limit));
}

/** Texts of different lengths. */
export const TEXTS = [
  "The quick brown fox jumps over the lazy dog, and then over the fence.",
  "Once upon a time",
  "It is a truth universally acknowledged, that a single man in possession of a good fortune",
  "Call me Ishmael.",
] as const;

/** Requests for some prompts, numbered from 0. */
export const requests = (prompts: readonly (readonly number[])[], output_tokens: number): WorkRequest[] =>
  prompts.map((prompt, r) => ({ r, tokens: prompt, output_tokens }));
