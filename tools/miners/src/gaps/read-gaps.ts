import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ENGINE_IDS, fromSystemError, groupGaps, LemError, type GapGroup, type ResultWithGaps } from "@lem/domain";
import { z } from "zod";

const PLACE = z.object({ path: z.string(), qualname: z.string(), line: z.int().nonnegative() });

const CASE = {
  kind: z.enum(["refused", "warned", "changed"]),
  section: z.string(),
  entry: z.string().nullable(),
  fields: z.array(z.string()).min(1),
  place: PLACE.nullable(),
  exception: z.string().nullable(),
};

const KEYWORDS = z.record(z.string(), z.json());

/** What `lem engines gaps --json` prints. */
const GROUPS = z.object({
  schema_version: z.literal(1),
  gaps: z.array(
    z.object({
      ...CASE,
      engine: z.enum(ENGINE_IDS),
      engine_version: z.string(),
      count: z.int(),
      examples: z.array(KEYWORDS),
    }),
  ),
});

/** The part of a `result.json` that matters here. */
const RESULT = z.object({
  experiment_id: z.string(),
  engine: z.object({ name: z.enum(ENGINE_IDS), version: z.string() }),
  gaps: z.array(
    z.union([z.object({ ...CASE, given: KEYWORDS }), z.object({ kind: z.literal("samples").default("samples") })]),
  ),
});

/**
 * The gaps in a file (what `lem engines gaps --json` prints, or a `result.json`) or in the results below a folder.
 * @throws LemError `mine.gaps` for anything else, `io.*`
 */
export async function readGaps(path: string): Promise<readonly GapGroup[]> {
  const found = await stat(path).catch(() => {
    throw new LemError("mine.gaps", `there is nothing at ${path}`, {
      hint: "give a results folder, a result.json, or a file with the output of: lem engines gaps --json",
    });
  });
  if (!found.isDirectory()) return readFileOf(path);
  const files = await resultFiles(path);
  const results = await Promise.all(files.map(async (file) => resultOf(await readJson(file), file)));
  return groupGaps(results);
}

/** Aggregates and not raw results: a study keeps a copy of its results in each. */
async function resultFiles(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const results = names.filter((name) => /(^|[/\\])result\.json$/.test(name));
  const aggregates = results.filter((name) => !/[/\\]c\d+[/\\]r\d+[/\\]/.test(name));
  const found = aggregates.length > 0 ? aggregates : results;
  return found.toSorted().map((name) => join(folder, name));
}

async function readFileOf(file: string): Promise<readonly GapGroup[]> {
  const json = await readJson(file);
  const groups = GROUPS.safeParse(json);
  return groups.success ? groups.data.gaps : groupGaps([resultOf(json, file)]);
}

async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw fromSystemError(error, `reading ${file}`);
  });
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new LemError("mine.gaps", `${file} is not JSON`, { cause, place: { file } });
  }
}

function resultOf(json: unknown, file: string): ResultWithGaps {
  const parsed = RESULT.safeParse(json);
  if (parsed.success) return parsed.data as ResultWithGaps;
  const [issue] = parsed.error.issues;
  throw new LemError("mine.gaps", `${file} holds no gaps: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}`, {
    place: { file },
    hint: "give a results folder, a result.json, or a file with the output of: lem engines gaps --json",
  });
}
