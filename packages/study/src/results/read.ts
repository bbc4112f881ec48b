import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fromSystemError, LemError, type ExperimentResult } from "@lem/domain";
import { parseResult } from "./codec.ts";
import { aggregatePath } from "./layout.ts";
import type { StudyManifest } from "../manifest/manifest.ts";
import { readManifest } from "../manifest/read.ts";

/** A study folder as found on disk. */
export interface StudyListing {
  readonly folder: string;
  readonly manifest: StudyManifest;
}

const isMissing = (error: unknown): boolean =>
  ["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "");

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (isMissing(error)) throw new LemError("results.not-found", `there is no result at ${file}`, { place: { file } });
    throw fromSystemError(error, `reading ${file}`);
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LemError("results.invalid", `${file} is not JSON`, { place: { file }, cause: error });
  }
}

/** Reads one `result.json`. @throws LemError `results.not-found`, `results.invalid`, `results.schema-version` */
export const readResult = async (file: string): Promise<ExperimentResult> => parseResult(await readJson(file), file);

/**
 * The results that a path names: a `result.json`, an experiment's folder, or a study's folder.
 * @throws LemError `results.not-found` with what is there instead
 */
export async function readResultsAt(path: string): Promise<ExperimentResult[]> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) {
    throw new LemError("results.not-found", `there is nothing at ${path}`, {
      hint: "lem results list shows what there is",
    });
  }
  if (found.isFile()) return [await readResult(path)];
  const single = await readResult(join(path, "result.json")).catch((error: unknown) => {
    if (error instanceof LemError && error.code === "results.not-found") return undefined;
    throw error;
  });
  return single === undefined ? readStudyResults(path) : [single];
}

/** A result with the values that its study varies, in short; without a study, or one that varies nothing, none. */
export interface LabelledResult {
  readonly label: string;
  readonly result: ExperimentResult;
}

/** The results that a path names as {@link readResultsAt} gives them, with what sets them apart in their study. */
export async function readLabelledResults(path: string): Promise<readonly LabelledResult[]> {
  const results = await readResultsAt(path);
  const manifest = await readManifest(path).catch(() => undefined);
  const labels = new Map(manifest?.experiments.map(({ id, label }) => [id, label]));
  return results.map((result) => ({ label: labels.get(result.experiment_id) ?? "", result }));
}

async function readStudyResults(folder: string): Promise<ExperimentResult[]> {
  const { entries } = await readManifest(folder);
  const newest = new Map(
    entries.flatMap(({ experiment_id, result }) => (result === null ? [] : [[experiment_id, result]])),
  );
  if (newest.size > 0) return Promise.all([...newest].map(([id, raw]) => readAggregate(folder, id, raw)));
  throw new LemError("results.not-found", `${folder} holds no finished experiment`, {
    hint: "the run was stopped before its first result; start it again",
  });
}

/** The aggregate, or the newest raw result where the process died before it came to aggregate anything. */
const readAggregate = (folder: string, id: string, raw: string): Promise<ExperimentResult> =>
  readResult(aggregatePath(folder, id)).catch((error: unknown) => {
    if (error instanceof LemError && error.code === "results.not-found") return readResult(join(folder, raw));
    throw error;
  });

/** Every study folder below the results root, newest first; folders that are no study are passed over. */
export async function listStudies(root: string): Promise<StudyListing[]> {
  const names = await readdir(root).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw fromSystemError(error, `reading ${root}`);
  });
  const found = await Promise.all(
    names.map(async (name): Promise<StudyListing[]> => {
      const folder = join(root, name);
      const manifest = await readManifest(folder).catch(() => undefined);
      return manifest === undefined ? [] : [{ folder, manifest }];
    }),
  );
  return found.flat().toSorted((a, b) => b.manifest.started_at.localeCompare(a.manifest.started_at));
}
