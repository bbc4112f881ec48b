import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isEngineId, type EngineId } from "@lem/domain";
import { z } from "zod";
import { writeFileAtomic } from "../atomic-file.ts";
import type { EngineVariant } from "../versions.ts";

/** Name of the file that makes a folder an installation; it is written last, so a folder without it is half-installed. */
export const MARKER = "lem-engine.json";

/** What an installation says about itself. */
export interface EngineMarker {
  readonly schema_version: 1;
  readonly engine: EngineId;
  readonly version: string;
  readonly variant: EngineVariant;
  /** Version of the Python inside. */
  readonly python: string;
  /** Versions of the packages that were asked for, as installed. */
  readonly packages: Readonly<Record<string, string>>;
  /** UTC, ISO 8601. */
  readonly installed_at: string;
}

/** A folder of the engines directory that holds a complete installation. */
export interface InstalledEngine extends EngineMarker {
  readonly where: string;
}

const SCHEMA: z.ZodType<EngineMarker> = z.object({
  schema_version: z.literal(1),
  engine: z.string().refine(isEngineId),
  version: z.string(),
  variant: z.enum(["cpu", "cuda"]),
  python: z.string(),
  packages: z.record(z.string(), z.string()),
  installed_at: z.string(),
}) as z.ZodType<EngineMarker>;

/** Folder of one build of one engine. */
export const engineFolder = (enginesDir: string, engine: EngineId, version: string, variant: EngineVariant): string =>
  join(enginesDir, `${engine}-${version}-${variant}`);

/** The virtual environment's Python. */
export const venvPython = (folder: string): string => join(folder, "bin", "python");

/** Marks a folder as installed. @throws LemError `io.*` */
export async function writeMarker(folder: string, marker: EngineMarker): Promise<void> {
  await writeFileAtomic(join(folder, MARKER), `${JSON.stringify(marker, null, 2)}\n`);
}

/** Reads a folder's marker; undefined without one, or when it cannot be understood: neither counts as installed. */
export async function readMarker(folder: string): Promise<EngineMarker | undefined> {
  try {
    return SCHEMA.safeParse(JSON.parse(await readFile(join(folder, MARKER), "utf8"))).data;
  } catch {
    return undefined;
  }
}

/** The complete installations in `enginesDir`, and the folders of it that are half-installed, by name. */
export async function scanEngines(
  enginesDir: string,
): Promise<{ readonly installed: readonly InstalledEngine[]; readonly incomplete: readonly string[] }> {
  const installed: InstalledEngine[] = [];
  const incomplete: string[] = [];
  for (const where of await foldersIn(enginesDir)) {
    const marker = await readMarker(where);
    if (marker === undefined) incomplete.push(where);
    else installed.push({ ...marker, where });
  }
  return { installed, incomplete };
}

async function foldersIn(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(directory, entry.name))
      .toSorted();
  } catch {
    return [];
  }
}
