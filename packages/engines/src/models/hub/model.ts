import { readdir, readFile, rm, statfs } from "node:fs/promises";
import { basename, join } from "node:path";
import { fromSystemError, isLemError, LemError } from "@lem/domain";
import { makeFolder } from "../../make-folder.ts";
import type { ModelFormat } from "../../adapter.ts";
import { writeFileAtomic } from "../../atomic-file.ts";
import { ProgressMeter } from "../cache/progress.ts";
import { readStored, RECORD_FILE, sealModel, type StoredModel } from "../cache/record.ts";
import { lockModel } from "../cache/store.ts";
import type { ModelContext } from "../request.ts";
import { commitOf, filesOf, fileUrl, hubAccess, isHubOffline, type HubFile, type HubFolder } from "./client.ts";
import { downloadFile, hasContent } from "./download.ts";
import { selectFiles, type Selection } from "./select.ts";

/** A model of the hub that is wanted. */
export interface HubQuery {
  /** Short name for people. */
  readonly name: string;
  readonly repo: string;
  /** Branch, tag or commit. */
  readonly revision: string;
  /** One GGUF file by name. */
  readonly file?: string | undefined;
  /** Formats that serve, the best first. */
  readonly formats: readonly ModelFormat[];
  /** The only content that `file` may have. */
  readonly sha256?: string | undefined;
}

/** How long the hub may take to answer, in milliseconds, where the caller says nothing. */
export const HUB_TIMEOUT_MS = 3000;
const DOWNLOAD_ANSWER_MS = 15_000;
/** Longest silence inside a download, in milliseconds. */
export const IDLE_MS = 30_000;
const IS_COMMIT = /^[0-9a-f]{40}$/;

/**
 * The model as it lies in the cache, without asking the hub; undefined when it does not. A branch or tag means the
 * commit that it meant when the hub was last asked.
 */
export async function cachedHubModel(query: HubQuery, modelsDir: string): Promise<StoredModel | undefined> {
  const commit = IS_COMMIT.test(query.revision) ? query.revision : await rememberedCommit(query, modelsDir);
  if (commit === undefined) return undefined;
  for (const folder of await candidates(query, join(repoFolder(query, modelsDir), commit))) {
    const state = await readStored(folder);
    if (state.status === "ready") return state.model;
  }
  return undefined;
}

/**
 * Fetches a model from the hub, or what of it is missing. A revision is pinned to its commit; when the hub is silent,
 * what is in the cache serves.
 * @throws LemError `model.no-source`, `model.not-found`, `model.gated`, `model.format`, `model.checksum`,
 *   `model.download-interrupted`, `model.archive-path`, `io.*`, `run.interrupted`
 */
export async function hubModel(query: HubQuery, context: ModelContext): Promise<StoredModel> {
  const pinned = IS_COMMIT.test(query.revision) ? await cachedHubModel(query, context.modelsDir) : undefined;
  if (pinned !== undefined) return pinned;
  try {
    refuseOffline(query.repo, context);
    return await fetchModel(query, context);
  } catch (error) {
    const cached = isLemError(error, "model.no-source") ? await cachedHubModel(query, context.modelsDir) : undefined;
    if (cached !== undefined) return cached;
    throw error;
  }
}

async function fetchModel(query: HubQuery, context: ModelContext): Promise<StoredModel> {
  const { env, signal, hubTimeoutMs = HUB_TIMEOUT_MS } = context;
  const access = hubAccess({ env, signal, timeoutMs: hubTimeoutMs });
  const commit = await commitOf(access, query.repo, query.revision);
  if (commit !== query.revision) await rememberCommit(query, commit, context.modelsDir);
  const cached = await cachedHubModel({ ...query, revision: commit }, context.modelsDir);
  if (cached !== undefined) return cached;
  const folder: HubFolder = { repo: query.repo, commit, recursive: query.file?.includes("/") ?? false };
  const selection = selectFiles(await filesOf(access, folder), query);
  refuseOtherContent(query, selection);
  return fetchFiles({ ...query, revision: commit }, folder, { selection, context });
}

async function fetchFiles(
  query: HubQuery,
  from: HubFolder,
  { selection, context }: { selection: Selection; context: ModelContext },
): Promise<StoredModel> {
  const { signal, emit } = context;
  const folder = modelFolder(join(repoFolder(query, context.modelsDir), from.commit), selection);
  return lockModel(folder, signal, async () => {
    const meanwhile = await readStored(folder);
    if (meanwhile.status === "ready") return meanwhile.model;
    await prepare(folder, selection.files);
    const access = hubAccess({ env: context.env, signal, timeoutMs: DOWNLOAD_ANSWER_MS });
    const progress = new ProgressMeter(emit, query.name, totalOf(selection.files));
    for (const file of selection.files) {
      const target = join(folder, basename(file.path));
      if (await hasContent(target, file)) progress.add(file.size_b);
      else
        await downloadFile({
          url: fileUrl(access, from, file.path),
          file,
          target,
          fetch: access.fetch,
          progress,
          signal,
          idleMs: IDLE_MS,
        });
    }
    const source = `hub:${query.repo}`;
    const { name } = query;
    const { format } = selection;
    return sealModel(folder, { name, format, source, revision: from.commit, synthetic: false, weights: "files" });
  });
}

/** Makes the folder and checks the disk before the first byte; files that do not belong go. */
async function prepare(folder: string, files: readonly HubFile[]): Promise<void> {
  try {
    await makeFolder(folder);
    await rm(join(folder, RECORD_FILE), { force: true });
    const wanted = new Set(files.flatMap(({ path }) => [basename(path), `${basename(path)}.part`]));
    for (const name of await readdir(folder)) if (!wanted.has(name)) await rm(join(folder, name), { recursive: true });
    const { bavail, bsize } = await statfs(folder);
    const needed = totalOf(files);
    if (bavail * bsize >= needed) return;
    throw new LemError("io.disk-full", `${needed} bytes are needed in ${folder}, ${bavail * bsize} are free`, {
      hint: "free some space, or choose another folder with LEM_CACHE",
    });
  } catch (error) {
    throw fromSystemError(error, `preparing ${folder}`);
  }
}

const totalOf = (files: readonly HubFile[]): number => files.reduce((sum, { size_b }) => sum + size_b, 0);

/** @throws LemError `model.no-source` when nothing may be asked of the hub */
export function refuseOffline(repo: string, { env, offline }: ModelContext): void {
  if (offline !== true && !isHubOffline(env)) return;
  const why = offline === true ? "downloads are switched off" : "HF_HUB_OFFLINE is set";
  throw new LemError("model.no-source", `${repo} is not in the cache, and ${why}`, {
    hint: "fetch it on a machine with network, or name a folder or .gguf file",
  });
}

function refuseOtherContent({ repo, file, sha256 }: HubQuery, { files }: Selection): void {
  const stated = files[0]?.digest.value;
  if (sha256 === undefined || stated === sha256) return;
  throw new LemError("model.checksum", `${repo}:${file} is ${stated} on the hub instead of ${sha256}`, {
    hint: "HF_ENDPOINT leads to another hub than the public one",
  });
}

function repoFolder({ repo }: Pick<HubQuery, "repo">, modelsDir: string): string {
  return join(modelsDir, "hub", repo.replace("/", "--"));
}

function modelFolder(commitFolder: string, { format, files }: Selection): string {
  return join(commitFolder, format === "gguf" ? ggufFolder(files[0]?.path ?? "") : "hf-folder");
}

const ggufFolder = (file: string): string => `gguf-${basename(file, ".gguf")}`;

async function candidates({ formats, file }: HubQuery, commitFolder: string): Promise<string[]> {
  if (file !== undefined) return [join(commitFolder, ggufFolder(file))];
  const names = await readdir(commitFolder).catch((): string[] => []);
  const ggufs = names.filter((name) => name.startsWith("gguf-") && !name.endsWith(".lock")).toSorted();
  return formats
    .flatMap((format) => (format === "gguf" ? ggufs : ["hf-folder"]))
    .map((name) => join(commitFolder, name));
}

const memory = (query: HubQuery, modelsDir: string): string =>
  join(repoFolder(query, modelsDir), "revisions", encodeURIComponent(query.revision));

const rememberCommit = (query: HubQuery, commit: string, modelsDir: string): Promise<void> =>
  writeFileAtomic(memory(query, modelsDir), `${commit}\n`);

async function rememberedCommit(query: HubQuery, modelsDir: string): Promise<string | undefined> {
  const text = (await readFile(memory(query, modelsDir), "utf8").catch(() => "")).trim();
  return IS_COMMIT.test(text) ? text : undefined;
}
