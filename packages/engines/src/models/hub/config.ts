import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fromSystemError, LemError, type JsonObject } from "@lem/domain";
import { makeFolder } from "../../make-folder.ts";
import { ProgressMeter } from "../cache/progress.ts";
import { artifactOf } from "../describe.ts";
import { readConfig } from "../folder.ts";
import type { HubReference } from "../reference.ts";
import type { ModelContext } from "../request.ts";
import { commitOf, filesOf, fileUrl, hubAccess } from "./client.ts";
import { downloadFile } from "./download.ts";
import { cachedHubModel, HUB_TIMEOUT_MS, IDLE_MS, refuseOffline } from "./model.ts";

/**
 * The config.json of a hub model, from the cache or fetched alone.
 * @throws LemError `model.no-source`, `model.not-found`, `model.gated`, `model.format` for a model without one, `io.*`
 */
export async function hubConfig(reference: HubReference, context: ModelContext): Promise<JsonObject> {
  const { repo, revision = "main", file } = reference;
  const formats = ["hf-folder", "gguf"] as const;
  const cached = await cachedHubModel({ name: repo, repo, revision, file, formats }, context.modelsDir);
  if (cached !== undefined) return (await artifactOf(cached, repo)).config;
  refuseOffline(repo, context);
  const { env, signal, hubTimeoutMs = HUB_TIMEOUT_MS, modelsDir, emit } = context;
  const access = hubAccess({ env, signal, timeoutMs: hubTimeoutMs });
  const folder = { repo, commit: await commitOf(access, repo, revision), recursive: false };
  const config = (await filesOf(access, folder)).find(({ path }) => path === "config.json");
  if (config === undefined) throw noConfig(repo);
  const temporary = await temporaryFolder(modelsDir);
  try {
    const target = join(temporary, "config.json");
    const progress = new ProgressMeter(emit, repo, config.size_b);
    const url = fileUrl(access, folder, "config.json");
    await downloadFile({ url, file: config, target, fetch: access.fetch, progress, signal, idleMs: IDLE_MS });
    return await readConfig(target);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function temporaryFolder(modelsDir: string): Promise<string> {
  try {
    await makeFolder(modelsDir);
    return await mkdtemp(join(modelsDir, "config-"));
  } catch (error) {
    throw fromSystemError(error, `writing to ${modelsDir}`);
  }
}

function noConfig(repo: string): LemError {
  return new LemError("model.format", `${repo} has no config.json`, {
    hint: "fetch the model first, or name the repository that its GGUF files were made from",
  });
}
