import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isLemError } from "@lem/domain";
import { aggregatePath, rawResultPaths, type RawResultPaths } from "../results/layout.ts";
import { readResult } from "../results/read.ts";
import { readRequestsParquet } from "../results/requests-parquet.ts";
import { readRawEnergy } from "../results/samples-parquet.ts";
import type { RawResult } from "./aggregate.ts";
import type { RankStreams } from "./ranks.ts";

/**
 * The raw results of an experiment that lie in a study folder, whatever its manifest says of them; with their streams
 * where several processes measured a cycle together.
 * @throws LemError `results.invalid`, `results.schema-version`
 */
export async function readRawResults(study: string, id: string): Promise<readonly RawResult[]> {
  const folder = dirname(aggregatePath(study, id));
  const found: RawResult[] = [];
  for (const cycle of await numbered(folder, "c")) {
    const ranks = await numbered(join(folder, `c${cycle}`), "r");
    for (const rank of ranks) {
      const paths = rawResultPaths(study, { id, cycle, rank });
      const result = await orNothing(readResult(paths.result));
      if (result === undefined) continue;
      found.push({ cycle, rank, result, ...(ranks.length > 1 && { streams: await readStreams(paths) }) });
    }
  }
  return found;
}

async function readStreams(paths: RawResultPaths): Promise<RankStreams> {
  const timelines = (await orNothing(readRequestsParquet(paths.requests))) ?? null;
  return { timelines, energy: (await orNothing(readRawEnergy(paths.samples))) ?? null };
}

/** A file that is not there is nothing; one that is damaged is an error. */
const orNothing = <Value>(reading: Promise<Value>): Promise<Value | undefined> =>
  reading.catch((error: unknown) => {
    if (isLemError(error, "results.not-found")) return undefined;
    throw error;
  });

/** The numbers of the folders `<letter><number>`, in order; of a folder that is not there, none. */
async function numbered(folder: string, letter: "c" | "r"): Promise<readonly number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => (name.startsWith(letter) && /^\d+$/.test(name.slice(1)) ? [Number(name.slice(1))] : []))
    .toSorted((a, b) => a - b);
}
