import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../atomic-file.ts";
import type { ModelFormat } from "../../adapter.ts";
import { sha256OfFile } from "./checksum.ts";

/** Name of the file that makes a folder a stored model; it is written last, so a folder without it is unfinished. */
export const RECORD_FILE = "lem-model.json";

/** What is known of a model before its files are counted. */
export interface ModelFacts {
  /** Short name for people. */
  readonly name: string;
  readonly format: ModelFormat;
  /** `hub:org/name`, `pip:name==version`, `builtin`, `dummy`, `converted:<source>`. */
  readonly source: string;
  readonly revision?: string | undefined;
  readonly synthetic: boolean;
  readonly weights: "files" | "random";
}

/** One file of a stored model. */
export interface FileFacts {
  readonly size_b: number;
  readonly sha256: string;
  /** Modification time at which the content had that hash. */
  readonly modified_ms: number;
}

/** The record beside the files of a stored model. */
export interface ModelRecordFile extends ModelFacts {
  readonly schema_version: 1;
  readonly files: Readonly<Record<string, FileFacts>>;
}

/** A model in the cache. */
export interface StoredModel {
  readonly folder: string;
  readonly record: ModelRecordFile;
}

/** What a folder of the cache holds. */
export type StoredState =
  | { readonly status: "absent" }
  | { readonly status: "damaged"; readonly detail: string; readonly model: StoredModel }
  | { readonly status: "ready"; readonly model: StoredModel };

const SCHEMA: z.ZodType<ModelRecordFile> = z.object({
  schema_version: z.literal(1),
  name: z.string(),
  format: z.enum(["gguf", "hf-folder"]),
  source: z.string(),
  revision: z.string().optional(),
  synthetic: z.boolean(),
  weights: z.enum(["files", "random"]),
  files: z.record(z.string(), z.object({ size_b: z.number(), sha256: z.string(), modified_ms: z.number() })),
});

/**
 * Looks at a folder of the cache. A file whose size differs is damaged at once; one that was touched since its hash
 * was taken is hashed again, so that an untouched model of any size is believed in milliseconds.
 */
export async function readStored(folder: string): Promise<StoredState> {
  const record = await readRecord(folder);
  if (record === undefined) return { status: "absent" };
  const model = { folder, record };
  for (const [name, facts] of Object.entries(record.files)) {
    const detail = await troubleWith(join(folder, name), facts);
    if (detail !== undefined) return { status: "damaged", detail: `${name} ${detail}`, model };
  }
  return { status: "ready", model };
}

async function readRecord(folder: string): Promise<ModelRecordFile | undefined> {
  try {
    return SCHEMA.safeParse(JSON.parse(await readFile(join(folder, RECORD_FILE), "utf8"))).data;
  } catch {
    return undefined;
  }
}

async function troubleWith(path: string, facts: FileFacts): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return "is gone";
  if (found.size !== facts.size_b) return `has ${found.size} bytes instead of ${facts.size_b}`;
  if (found.mtimeMs === facts.modified_ms) return undefined;
  return (await sha256OfFile(path)) === facts.sha256 ? undefined : "has changed";
}

/** Counts and hashes the files of a finished folder and writes its record. @throws LemError `io.*` */
export async function sealModel(folder: string, facts: ModelFacts): Promise<StoredModel> {
  const names = (await readdir(folder)).filter((name) => name !== RECORD_FILE).toSorted();
  const files: Record<string, FileFacts> = {};
  for (const name of names) files[name] = await fileFacts(join(folder, name));
  const record: ModelRecordFile = { schema_version: 1, ...facts, files };
  await writeFileAtomic(join(folder, RECORD_FILE), `${JSON.stringify(record, null, 2)}\n`);
  return { folder, record };
}

async function fileFacts(path: string): Promise<FileFacts> {
  const { size, mtimeMs } = await stat(path);
  return { size_b: size, sha256: await sha256OfFile(path), modified_ms: mtimeMs };
}

/** The path that an engine loads: the folder, or the GGUF file in it. */
export function loadPath({ folder, record }: StoredModel): string {
  return record.format === "hf-folder" ? folder : join(folder, ggufName(record));
}

/** SHA-256 of the weights: of the only weights file, else none. */
export function weightsHash({ record }: StoredModel): string | undefined {
  const weights = Object.entries(record.files).filter(([name]) => /\.(?:gguf|safetensors|bin)$/.test(name));
  return weights.length === 1 ? weights[0]?.[1].sha256 : undefined;
}

const ggufName = (record: ModelRecordFile): string =>
  Object.keys(record.files).find((name) => name.endsWith(".gguf")) ?? "";
