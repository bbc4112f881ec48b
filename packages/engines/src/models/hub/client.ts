import { LemError } from "@lem/domain";
import type { Env } from "../../paths.ts";

/** How the hub is reached. */
export interface HubAccess {
  /** `HF_ENDPOINT`, else the public hub; without a slash at its end. */
  readonly endpoint: string;
  /** Answers within its deadline or refuses with a {@link LemError}; sends the token to the endpoint's origin only. */
  readonly fetch: typeof fetch;
}

/** One file of a model on the hub. */
export interface HubFile {
  readonly path: string;
  readonly size_b: number;
  /** What the hub states about the content: SHA-256 of large files, git's id of the others. */
  readonly digest: { readonly kind: "sha256" | "git"; readonly value: string };
}

/** What access to the hub needs. */
export interface HubOptions {
  readonly env: Env;
  /** Time to answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

const PUBLIC_HUB = "https://huggingface.co";

/** True when `HF_HUB_OFFLINE` forbids the hub. */
export const isHubOffline = (env: Env): boolean => /^(?:1|true|yes|on)$/i.test(env["HF_HUB_OFFLINE"] ?? "");

/** Prepares access; nothing is sent yet. */
export function hubAccess(options: HubOptions): HubAccess {
  const endpoint = (options.env["HF_ENDPOINT"] || PUBLIC_HUB).replace(/\/+$/, "");
  return { endpoint, fetch: (input, init) => politeFetch(endpoint, options, { input, init: init ?? {} }) };
}

/** The commit behind a branch, tag or commit. @throws LemError `model.not-found`, `model.gated`, `model.no-source` */
export async function commitOf(access: HubAccess, repo: string, revision: string): Promise<string> {
  const { modelInfo } = await import("@huggingface/hub");
  const how = { hubUrl: access.endpoint, fetch: access.fetch };
  const { sha } = await readable(() => modelInfo({ name: repo, revision, additionalFields: ["sha"], ...how }), repo);
  if (typeof sha === "string" && /^[0-9a-f]{40}$/.test(sha)) return sha;
  throw noSource(`the hub names no commit for ${repo}@${revision}`);
}

/** A commit whose files are listed. */
export interface HubFolder {
  readonly repo: string;
  readonly commit: string;
  /** False: its top folder only. */
  readonly recursive: boolean;
}

/** The files of a commit. @throws LemError as {@link commitOf} */
export async function filesOf(access: HubAccess, { repo, commit, recursive }: HubFolder): Promise<readonly HubFile[]> {
  const { listFiles } = await import("@huggingface/hub");
  const how = { revision: commit, recursive, hubUrl: access.endpoint, fetch: access.fetch };
  return readable(async () => {
    const files: HubFile[] = [];
    for await (const entry of listFiles({ repo: { type: "model", name: repo }, ...how })) {
      if (entry.type !== "file") continue;
      files.push(
        entry.lfs === undefined
          ? { path: entry.path, size_b: entry.size, digest: { kind: "git", value: entry.oid ?? "" } }
          : { path: entry.path, size_b: entry.lfs.size, digest: { kind: "sha256", value: entry.lfs.oid } },
      );
    }
    return files;
  }, repo);
}

/** Where a file's content is. */
export function fileUrl({ endpoint }: HubAccess, { repo, commit }: HubFolder, path: string): string {
  return `${endpoint}/${repo}/resolve/${commit}/${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** An answer that is no model listing (a captive portal, another server) is an unreachable hub. */
async function readable<T>(ask: () => Promise<T>, repo: string): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LemError) throw error;
    throw noSource(`the hub's answer about ${repo} cannot be read`, error);
  }
}

interface Call {
  readonly input: Parameters<typeof fetch>[0];
  readonly init: RequestInit;
}

async function politeFetch(endpoint: string, options: HubOptions, { input, init }: Call): Promise<Response> {
  const url = new URL(typeof input === "string" || input instanceof URL ? input : input.url);
  const headers = new Headers(init.headers);
  headers.set("user-agent", "lem");
  const token = options.env["HF_TOKEN"] || options.env["HUGGING_FACE_HUB_TOKEN"];
  if (token && url.origin === new URL(endpoint).origin) headers.set("authorization", `Bearer ${token}`);
  const response = await answerInTime(options, url, { ...init, headers });
  if (response.ok) return response;
  await response.body?.cancel();
  throw refusal(response, { url, hasToken: Boolean(token) });
}

/** The deadline covers the answer's head; a body may take as long as it flows. */
async function answerInTime({ timeoutMs, signal }: HubOptions, url: URL, init: RequestInit): Promise<Response> {
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), timeoutMs);
  const given = [deadline.signal, signal, init.signal].filter((each) => each !== undefined && each !== null);
  try {
    return await fetch(url, { ...init, signal: AbortSignal.any(given) });
  } catch (error) {
    if (signal?.aborted === true) throw new LemError("run.interrupted", "the download was stopped", { cause: error });
    const why = deadline.signal.aborted ? `did not answer within ${timeoutMs / 1000} s` : causeOf(error);
    throw noSource(`${url.host} ${why}`, error);
  } finally {
    clearTimeout(timer);
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  const code = (cause as NodeJS.ErrnoException | null)?.code;
  return `cannot be reached (${code ?? (cause instanceof Error ? cause.message : String(cause))})`;
}

function refusal(response: Response, { url, hasToken }: { url: URL; hasToken: boolean }): LemError {
  const { status } = response;
  const said = response.headers.get("x-error-code") ?? "";
  const what = `${url.host} answered ${status} for ${url.pathname}`;
  const token = hasToken ? "give HF_TOKEN access to the model" : "set HF_TOKEN to a token with access to the model";
  if (status === 404 || said === "RepoNotFound" || said === "RevisionNotFound" || said === "EntryNotFound") {
    const hint = `check the spelling of model, revision and file; for a private model, ${token}`;
    return new LemError("model.not-found", `${what}: there is no such model, revision or file`, { hint });
  }
  if (status === 401 || status === 403) {
    const hint = `accept the model's terms on its page, then ${token}`;
    return new LemError("model.gated", `${what}: access is restricted`, { hint });
  }
  return noSource(what);
}

function noSource(message: string, cause?: unknown): LemError {
  const hint = "check the network or HF_ENDPOINT, or name a folder or .gguf file";
  return new LemError("model.no-source", message, { hint, ...(cause === undefined ? {} : { cause }) });
}
