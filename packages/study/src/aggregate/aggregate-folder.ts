import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { LemError, type ExperimentResult } from "@lem/domain";
import { isPredecessorFolder, readPredecessorResult, type PredecessorResult } from "./predecessor.ts";
import { storeAggregate } from "./store-aggregate.ts";

/**
 * Computes the aggregate of every experiment in a study folder again from the raw results and stores it; of a folder with
 * the predecessor's per-process files (or of folders of such) what they come to together, which is not stored.
 * @throws LemError `results.not-found`, `results.invalid`, `io.disk-full`, `io.permission`
 */
export async function aggregateFolder(folder: string): Promise<readonly (ExperimentResult | PredecessorResult)[]> {
  const ids = await namesIn(join(folder, "experiments"));
  const own: ExperimentResult[] = [];
  for (const id of ids) own.push(...[(await storeAggregate(folder, id)) ?? []].flat());
  const results = own.length > 0 ? own : await predecessorResults(folder);
  if (results.length > 0) return results;
  throw new LemError("results.not-found", `${folder} holds no raw results`, {
    hint: "name a study folder, or a folder of the predecessor's process_0.json files",
  });
}

async function predecessorResults(folder: string): Promise<readonly PredecessorResult[]> {
  const below = (await namesIn(folder)).map((name) => join(folder, name));
  const found: PredecessorResult[] = [];
  for (const each of [folder, ...below])
    if (await isPredecessorFolder(each)) found.push(await readPredecessorResult(each));
  return found;
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const found = await stat(folder).catch(() => undefined);
  return found?.isDirectory() === true ? (await readdir(folder)).toSorted() : [];
}
