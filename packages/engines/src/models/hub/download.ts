import { open, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { fromSystemError, isLemError, LemError } from "@lem/domain";
import { gitBlobId, sha256OfFile } from "../cache/checksum.ts";
import type { ProgressMeter } from "../cache/progress.ts";
import type { HubFile } from "./client.ts";

/** One file to fetch. */
export interface DownloadJob {
  readonly url: string;
  readonly file: HubFile;
  /** Where it belongs; `<target>.part` grows until it is whole. */
  readonly target: string;
  readonly fetch: typeof fetch;
  readonly progress: ProgressMeter;
  readonly signal?: AbortSignal | undefined;
  /** Longest silence inside a body, in milliseconds. */
  readonly idleMs: number;
}

const FRUITLESS_TRIES = 3;
const PAUSE_MS = 200;

/**
 * Fetches a file, going on where an earlier attempt stopped, and puts it in place only when its content is what the hub
 * states. A connection that breaks is taken up again as long as bytes arrive.
 * @throws LemError `model.download-interrupted` (the part is kept), `model.checksum`, `io.disk-full`, `run.interrupted`
 */
export async function downloadFile(job: DownloadJob): Promise<void> {
  const part = `${job.target}.part`;
  try {
    await fetchAll(job, part);
    await checkContent(job, part);
    await sync(part);
    await rename(part, job.target);
  } catch (error) {
    const told = fromSystemError(error, `downloading to ${job.target}`);
    if (told.code === "io.disk-full") await rm(part, { force: true });
    throw told;
  }
}

/** True when the content of a file is what the hub states. */
export async function hasContent(path: string, { size_b, digest }: HubFile): Promise<boolean> {
  if ((await sizeOf(path)) !== size_b) return false;
  const found = digest.kind === "sha256" ? await sha256OfFile(path) : await gitBlobId(path);
  return found === digest.value;
}

async function fetchAll(job: DownloadJob, part: string): Promise<void> {
  const { size_b } = job.file;
  if (((await sizeOf(part)) ?? 0) > size_b) await rm(part);
  let have = (await sizeOf(part)) ?? 0;
  job.progress.add(have);
  if (size_b === 0) await writeFile(part, "");
  for (let fruitless = 0; have < size_b;) {
    const broken = await fetchRest(job, part, have);
    const now = (await sizeOf(part)) ?? 0;
    fruitless = now > have ? 0 : fruitless + 1;
    if (now < size_b && fruitless >= FRUITLESS_TRIES) throw interrupted(job, now, broken);
    if (now < size_b) await sleep(PAUSE_MS);
    have = now;
  }
}

/** Returns what broke the connection, if something did; refusals of the server and the disk are thrown. */
async function fetchRest(job: DownloadJob, part: string, from: number): Promise<unknown> {
  const silence = new AbortController();
  try {
    const response = await job.fetch(job.url, {
      headers: from > 0 ? { range: `bytes=${from}-` } : {},
      signal: silence.signal,
    });
    if (from > 0 && !continuesAt(response, from)) {
      await truncate(part);
      job.progress.add(-from);
    }
    await writeBody(job, part, { response, silence });
    return undefined;
  } catch (error) {
    if (isLemError(error) && error.code !== "model.no-source") throw error;
    if (job.signal?.aborted === true) throw new LemError("run.interrupted", "the download was stopped");
    return error;
  }
}

function continuesAt(response: Response, from: number): boolean {
  return response.status === 206 && (response.headers.get("content-range") ?? "").startsWith(`bytes ${from}-`);
}

interface Body {
  readonly response: Response;
  readonly silence: AbortController;
}

async function writeBody(job: DownloadJob, part: string, { response, silence }: Body): Promise<void> {
  const file = await open(part, "a");
  const watch = setTimeout(() => silence.abort(), job.idleMs);
  try {
    let size = (await file.stat()).size;
    for await (const chunk of response.body ?? []) {
      watch.refresh();
      size += chunk.byteLength;
      if (size > job.file.size_b) throw await discard(job, part, "is longer than the hub states");
      await file.appendFile(chunk).catch((error: unknown) => {
        throw fromSystemError(error, `writing ${part}`);
      });
      job.progress.add(chunk.byteLength);
    }
  } finally {
    clearTimeout(watch);
    await file.close();
  }
}

async function checkContent(job: DownloadJob, part: string): Promise<void> {
  if (await hasContent(part, job.file)) return;
  throw await discard(job, part, `does not have the ${job.file.digest.kind} checksum ${job.file.digest.value}`);
}

async function discard(job: DownloadJob, part: string, what: string): Promise<LemError> {
  await rm(part, { force: true });
  return new LemError("model.checksum", `${job.file.path} ${what}; it was removed`, {
    hint: "run again; if it stays so, a proxy changes the files on their way",
    context: { url: job.url },
  });
}

function interrupted({ file }: DownloadJob, have: number, cause: unknown): LemError {
  const how = `${file.path}: the connection broke after ${have} of ${file.size_b} bytes`;
  return new LemError("model.download-interrupted", how, {
    hint: "run again to go on where it stopped",
    cause,
    context: { received_b: have, total_b: file.size_b },
  });
}

async function sizeOf(path: string): Promise<number | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found?.size;
}

async function sync(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
