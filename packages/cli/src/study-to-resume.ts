import { existsSync, statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { LemError } from "@lem/domain";
import { listStudies, readManifest, type StudyListing, type StudyManifest, type StudySource } from "@lem/study";
import type { RunFlags } from "./routes/flags.ts";
import { shownPath } from "./shown-path.ts";

/** A study that is gone on with, and what it was made from. */
export interface StudyToResume {
  readonly folder: string;
  readonly flags: RunFlags;
  readonly file: string | undefined;
}

/**
 * Finds the study to go on with: the folder that is named, or the newest one in the results folder that did not
 * complete, of the file if one is named.
 * @throws LemError `study.nothing-to-resume`, `results.*`
 */
export async function findStudyToResume(cwd: string, flags: RunFlags, named?: string): Promise<StudyToResume> {
  const path = named === undefined ? undefined : resolve(cwd, named);
  const { folder, manifest } =
    path !== undefined && isStudyFolder(path)
      ? { folder: path, manifest: await readManifest(path) }
      : await newestUnfinished(resolve(cwd, flags.out ?? "results"), path, cwd);
  const { status, source } = manifest;
  if (status === "completed") throw nothing(`${shownPath(cwd, folder)} is complete`);
  if (source === null) throw nothing(`${shownPath(cwd, folder)} does not say what it was made from`);
  const file = source.file === null ? undefined : relative(cwd, resolve(folder, source.file));
  return { folder, file, flags: withRecorded(flags, source) };
}

const isStudyFolder = (path: string): boolean => existsSync(join(path, "study.json")) && statSync(path).isDirectory();

/** The flags that the study began with, and what this command line adds. */
function withRecorded(flags: RunFlags, { set, ...recorded }: StudySource): RunFlags {
  const { engine = recorded.engine, model = recorded.model } = flags;
  return {
    ...flags,
    set: [...set, ...(flags.set ?? [])],
    ...(engine !== undefined && { engine }),
    ...(model !== undefined && { model }),
  };
}

async function newestUnfinished(root: string, file: string | undefined, cwd: string): Promise<StudyListing> {
  const isOf = (folder: string, { source }: StudyManifest): boolean =>
    source !== null && (file === undefined || (source.file !== null && resolve(folder, source.file) === file));
  const studies = (await listStudies(root)).filter(({ folder, manifest }) => isOf(folder, manifest));
  const found = studies.find(({ manifest }) => manifest.status !== "completed");
  if (found !== undefined) return found;
  const what = file === undefined ? "study" : `study of ${shownPath(cwd, file)}`;
  const complete =
    studies.length === 0 ? "" : `: the newest, ${shownPath(cwd, studies[0]?.folder ?? root)}, is complete`;
  throw nothing(`${shownPath(cwd, root)} holds no ${what} that is unfinished${complete}`);
}

const nothing = (message: string): LemError =>
  new LemError("study.nothing-to-resume", message, {
    hint: "lem results list shows what there is; without --resume a new study begins",
  });
