import { readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fromSystemError } from "@lem/domain";

/**
 * Moves what an earlier attempt at a run left out of its way, to `r0-attempt-<n>` beside it: a run that is tried again
 * overwrites nothing. Files that a killed process was writing are removed.
 * @throws LemError `io.*`
 */
export async function clearRawFolder(folder: string): Promise<void> {
  const left = await namesIn(folder);
  if (left.length === 0) return;
  try {
    for (const name of left.filter((each) => each.endsWith(".tmp"))) await rm(join(folder, name), { force: true });
    for (let attempt = 1; ; attempt++) {
      const aside = `${folder}-attempt-${attempt}`;
      if ((await namesIn(aside)).length > 0) continue;
      return await rename(folder, aside);
    }
  } catch (error) {
    throw fromSystemError(error, `moving ${folder} aside`);
  }
}

/** Removes what a killed process was writing in a folder. */
export async function clearTemporary(folder: string): Promise<void> {
  for (const name of await namesIn(folder))
    if (name.endsWith(".tmp")) await rm(join(folder, name), { force: true }).catch(() => undefined);
}

/** The experiment's own folder, above its cycles. */
export const experimentFolder = (rawFolder: string): string => dirname(dirname(rawFolder));

const namesIn = (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
