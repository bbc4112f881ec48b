import { writeFile } from "node:fs/promises";
import { fromSystemError } from "@lem/domain";

/** Writes a file that must not exist yet; false when it does. @throws LemError `io.*` */
export async function writeNewFile(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { flag: "wx" });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw fromSystemError(error, `writing ${path}`);
  }
}
