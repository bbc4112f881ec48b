import { z } from "zod";
import { ENGINE_IDS, LemError } from "@lem/domain";
import { failureNote } from "./failure-note.ts";
import { ENTRY_STATUSES, MANIFEST_SCHEMA_VERSION, type ManifestEntry, type StudyManifest } from "./manifest.ts";
import { migrateManifest } from "./migrations.ts";

const time = z.string();

const entry = z.strictObject({
  experiment_id: z.string(),
  cycle: z.int().positive(),
  status: z.enum(ENTRY_STATUSES),
  attempts: z.int().nonnegative(),
  started_at: time.nullable(),
  finished_at: time.nullable(),
  result: z.string().nullable(),
  failure: failureNote.exactOptional(),
});

const manifest = z.strictObject({
  schema_version: z.literal(MANIFEST_SCHEMA_VERSION),
  lem_version: z.string(),
  name: z.string(),
  status: z.enum(["running", "completed", "failed", "interrupted", "stopped"]),
  reason: failureNote.nullable(),
  started_at: time,
  finished_at: time.nullable(),
  pid: z.int().nullable(),
  command: z.array(z.string()),
  source: z
    .strictObject({
      file: z.string().nullable(),
      engine: z.string().exactOptional(),
      model: z.string().exactOptional(),
      set: z.array(z.string()),
    })
    .nullable(),
  identity: z.string().nullable(),
  execution: z.custom<StudyManifest["execution"]>((value) => typeof value === "object").nullable(),
  transitions: z.int().nonnegative(),
  experiments: z.array(z.strictObject({ id: z.string(), engine: z.enum(ENGINE_IDS).nullable(), label: z.string() })),
  entries: z.array(entry),
  retired: z.array(entry),
});

const versioned = z.looseObject({ schema_version: z.int().positive() });

/**
 * Checks what was read from `study.json`, of an older version too.
 * @throws LemError `results.invalid`, or `results.schema-version` for a newer version
 */
export function parseManifest(value: unknown, file: string): StudyManifest {
  const { data: found } = versioned.safeParse(value);
  if (found === undefined) throw new LemError("results.invalid", `${file} is not a study of lem`, { place: { file } });
  if (found.schema_version > MANIFEST_SCHEMA_VERSION)
    throw new LemError("results.schema-version", `${file} was written by a newer lem`, {
      hint: `this one reads versions up to ${MANIFEST_SCHEMA_VERSION} of a study: update lem`,
      place: { file },
    });
  const parsed = manifest.safeParse(migrateManifest(found));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? "" : `: ${issue.path.join(".")}: ${issue.message}`;
  throw new LemError("results.invalid", `${file} is not a study of lem${where}`, { place: { file } });
}

/** A manifest whose entries are made while they are written. */
export type WritableManifest = Omit<StudyManifest, "entries"> & { readonly entries: Iterable<ManifestEntry> };

/** Lines in one piece of text: large enough to be written at once, small enough not to be noticed in memory. */
const LINES_A_PIECE = 1000;

/** The text of `study.json` in pieces: one line a field, an experiment and a run. */
export function* manifestText({ experiments, entries, retired, ...rest }: WritableManifest): Generator<string> {
  const fields = Object.entries(rest).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)},\n`);
  yield `{\n${fields.join("")}`;
  yield* listText("experiments", experiments, ",\n");
  yield* listText("entries", entries, ",\n");
  yield* listText("retired", retired, "\n");
  yield "}\n";
}

function* listText(name: string, items: Iterable<unknown>, end: string): Generator<string> {
  yield `  ${JSON.stringify(name)}: [`;
  let lines: string[] = [];
  let separator = "\n";
  for (const item of items) {
    lines.push(`${separator}    ${JSON.stringify(item)}`);
    separator = ",\n";
    if (lines.length < LINES_A_PIECE) continue;
    yield lines.join("");
    lines = [];
  }
  yield `${lines.join("")}${separator === "\n" ? "" : "\n  "}]${end}`;
}
