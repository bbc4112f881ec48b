import { mkdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { fromSystemError, LemError } from "@lem/domain";
import { makeFolder } from "@lem/engines/make-folder";

/** The files of one raw result. */
export interface RawResultPaths {
  readonly folder: string;
  readonly result: string;
  readonly requests: string;
  /** Steps of the engine, where it tells of them. */
  readonly steps: string;
  readonly samples: string;
  readonly log: string;
}

/** `experiments/<id>/c<cycle>/r<rank>` inside a study folder; cycles count from 1, ranks from 0. */
export function rawResultPaths(study: string, at: { id: string; cycle: number; rank: number }): RawResultPaths {
  const folder = join(study, "experiments", at.id, `c${at.cycle}`, `r${at.rank}`);
  return {
    folder,
    result: join(folder, "result.json"),
    requests: join(folder, "requests.parquet"),
    steps: join(folder, "steps.parquet"),
    samples: join(folder, "samples.parquet"),
    log: join(folder, "log.txt"),
  };
}

/** The aggregate of one experiment over its cycles and ranks. */
export const aggregatePath = (study: string, id: string): string => join(study, "experiments", id, "result.json");

/** The manifest of a study. */
export const manifestPath = (study: string): string => join(study, "study.json");

/** Steps of a large study since its manifest was last written whole. */
export const journalPath = (study: string): string => join(study, "study.journal");

/** Exists while a process works on a study. */
export const lockPath = (study: string): string => join(study, "study.lock");

/** The text of the file that a study was made from. */
export const sourceTextPath = (study: string): string => join(study, "study.yaml");

/** A raw result as the manifest names it: relative to the study folder. */
export const resultPathInside = (at: { id: string; cycle: number; rank: number }): string =>
  relative("", rawResultPaths("", at).result);

/** `20261122T013000Z`: UTC, sortable, allowed in file names everywhere. */
export const utcStamp = (date: Date): string => `${date.toISOString().slice(0, 19).replaceAll(/[-:]/g, "")}Z`;

/** A name that is safe as a folder: letters, digits, dot, dash and underscore. */
export const folderName = (name: string): string => name.replaceAll(/[^\w.-]+/g, "-").replace(/^[.-]+/, "") || "study";

/**
 * Makes a new study folder `<name>-<UTC time>`; an existing folder is never used again, a number is added instead.
 * @throws LemError `io.permission`, `io.disk-full`, `io.not-a-folder`
 */
export async function createStudyFolder(root: string, name: string, now: Date): Promise<string> {
  const base = join(root, `${folderName(name)}-${utcStamp(now)}`);
  try {
    await makeFolder(root);
    for (let attempt = 1; attempt < 1000; attempt++) {
      const folder = attempt === 1 ? base : `${base}-${attempt}`;
      if (await makeNew(folder)) return folder;
    }
  } catch (error) {
    throw folderTrouble(error, root);
  }
  throw new LemError("io.failed", `cannot find a free folder name beside ${base}`);
}

function folderTrouble(error: unknown, root: string): LemError {
  const { code = "" } = error as NodeJS.ErrnoException;
  if (!["ENOENT", "ENOTDIR", "EEXIST", "ENAMETOOLONG"].includes(code))
    return fromSystemError(error, `creating the results folder in ${root}`);
  return new LemError("io.not-a-folder", `results cannot be kept in ${root}: it is no folder and cannot become one`, {
    hint: "name another place with --out",
    cause: error,
  });
}

async function makeNew(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
