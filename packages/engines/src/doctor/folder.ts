import { access, constants } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { LemError } from "@lem/domain";
import { freeBytes } from "../host/disk.ts";
import { errnoOf } from "../host/files.ts";
import { gibibytes, missingCheck, okCheck, warnCheck, type DoctorCheck } from "./report.ts";

/** A folder that lem writes to, and the room it should have. */
export interface FolderQuestion {
  readonly id: string;
  readonly title: string;
  readonly folder: string;
  readonly enough_b: number;
  /** What little room means, and what to do then. */
  readonly why: string;
  readonly todo: string;
}

/** Whether a folder can be written to, or made, and has room. */
export async function folderCheck({ id, title, folder, enough_b, why, todo }: FolderQuestion): Promise<DoctorCheck> {
  try {
    const free = await freeBytes(folder);
    const found = `${gibibytes(free)} free, ${folder}`;
    const refusal = await writeRefusal(folder);
    if (refusal !== undefined) return missingCheck(id, title, { found, why: `${refusal} may not be written to`, todo });
    return free >= enough_b ? okCheck(id, title, found) : warnCheck(id, title, { found, why, todo });
  } catch (error) {
    if (!(error instanceof LemError)) throw error;
    return missingCheck(id, title, { found: folder, why: error.message, todo: error.hint ?? todo });
  }
}

/** The folder, or the nearest that exists above it, if this user may not write there. */
async function writeRefusal(folder: string): Promise<string | undefined> {
  try {
    await access(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    const above = dirname(resolve(folder));
    return errnoOf(error) === "ENOENT" && above !== folder ? writeRefusal(above) : folder;
  }
}
