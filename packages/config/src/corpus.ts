import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LemError, type EngineId, type JsonObject } from "@lem/domain";

/** The parameter schema of one engine version: what its worker answered to `describe`. */
export interface Corpus {
  readonly engine: string;
  readonly engine_version: string;
  /** A JSON Schema (draft 2020-12) of each native section. */
  readonly sections: Readonly<Record<string, JsonObject>>;
  /** Values that hold when nothing is set, by section, where the engine states them. */
  readonly defaults: Readonly<Record<string, JsonObject>>;
}

/** What was found for an engine: its own version's schema, that of another version, or none. */
export type CorpusLookup =
  | { readonly status: "exact" | "other-version"; readonly version: string; readonly corpus: Corpus }
  | { readonly status: "missing" };

/** Where to look for a corpus. */
export interface CorpusOptions {
  /** The engine's version; without it the newest that there is. */
  readonly version?: string | undefined;
  /** Folder of the corpora; the package `@lem/corpora` unless told. */
  readonly root?: string | undefined;
}

const SCHEMA_FILE = "schema.json";

/** Loads the parameter schema of an engine. @throws LemError `config.corpus-missing` for a damaged one */
export function loadCorpus(engine: EngineId, options: CorpusOptions = {}): CorpusLookup {
  const folder = join(options.root ?? packagedCorpora(), engine);
  const versions = corpusVersions(folder);
  const wanted = options.version ?? versions.at(-1);
  const exact = wanted !== undefined && versions.includes(wanted);
  const version = exact ? wanted : versions.at(-1);
  if (version === undefined) return { status: "missing" };
  return { status: exact ? "exact" : "other-version", version, corpus: readCorpus(join(folder, version, SCHEMA_FILE)) };
}

/** The corpora that come with lem. */
function packagedCorpora(): string {
  const require = createRequire(import.meta.url);
  return dirname(require.resolve("@lem/corpora/package.json"));
}

/** The versions that have a schema, oldest first. */
function corpusVersions(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((version) => existsSync(join(folder, version, SCHEMA_FILE)))
    .toSorted(compareVersions);
}

/** Compares dotted versions part by part: 5.9.0 is older than 5.23.0. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, "en", { numeric: true });
}

/** Corpora already read: many configurations of one study share one. */
const read = new Map<string, Corpus>();

function readCorpus(file: string): Corpus {
  const known = read.get(file);
  if (known !== undefined) return known;
  const corpus = parseCorpus(file);
  read.set(file, corpus);
  return corpus;
}

function parseCorpus(file: string): Corpus {
  try {
    const corpus = JSON.parse(readFileSync(file, "utf8")) as Partial<Corpus> | null;
    if (typeof corpus?.sections === "object")
      return { engine: "", engine_version: "", sections: {}, defaults: {}, ...corpus };
  } catch (cause) {
    throw new LemError("config.corpus-missing", `the parameter schema ${file} cannot be read`, {
      cause,
      place: { file },
    });
  }
  throw new LemError("config.corpus-missing", `the parameter schema ${file} holds no sections`, { place: { file } });
}
