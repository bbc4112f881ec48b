import { closeSync, existsSync, openSync, readFileSync, readSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { LemError, type EngineId, type JsonObject } from "@lem/domain";
import type { RuleSet } from "./corpus/rule-set.ts";
import type { ClassSchemas } from "./parameters/class-schema.ts";
import { compareVersions, nearestVersion } from "./corpus/versions.ts";

/** The parameter schema of one engine version: what its worker answered to `describe`. */
export interface ParameterSchema {
  readonly engine: string;
  readonly engine_version: string;
  /** A JSON Schema (draft 2020-12) of each native section. */
  readonly sections: Readonly<Record<string, JsonObject>>;
  /** Values that hold when nothing is set, by section, where the engine states them. */
  readonly defaults: Readonly<Record<string, JsonObject>>;
  /** Public names that a section does not take, and why: lem decides them, or no file can hold them. */
  readonly left_out: Readonly<Record<string, Readonly<Record<string, "decided-by-lem" | "not-data">>>>;
  /** SHA-256 of what the engine writes of a name, by section, where no class tells it. */
  readonly descriptions?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** What was found of an engine version: its own, that of the nearest other version, or none. */
export type Lookup<T> =
  | ({ readonly status: "exact" | "other-version"; readonly version: string } & T)
  | { readonly status: "missing" };

/** A parameter schema, if there is one. */
export type SchemaLookup = Lookup<{ readonly schema: ParameterSchema }>;

/** Where the rules of an engine are, if there are any. */
export type RulesLookup = Lookup<{ readonly load: () => Promise<RuleSet> }>;

/** The rules of an engine, if there are any. */
export type CorpusLookup = Lookup<{ readonly rules: RuleSet }>;

/** The schemas of an engine's classes, if there are any. */
export type ClassSchemasLookup = Lookup<{ readonly classes: ClassSchemas }>;

/** Where to look, and for what. */
export interface CorpusOptions {
  /** The engine's version; without it the newest that there is, of those that lem runs and that were proven in an environment of their own. */
  readonly version?: string | undefined;
  /** Folder of the corpora; the package `@lem/corpora` unless told. */
  readonly root?: string | undefined;
}

const SCHEMA_FILE = "schema.json";
const CLASSES_FILE = "classes.json";
const RULES_FILE = "invariants.json";
/** What the rules were compiled from; it need not lie beside them, but where it does it must be the same. */
const REVIEWED_FILE = "invariants.validated.yaml";

/** Loads the parameter schema of an engine. @throws LemError `config.corpus-missing` for a damaged one */
export function loadParameterSchema(engine: EngineId, options: CorpusOptions = {}): SchemaLookup {
  const place = findFile(engine, SCHEMA_FILE, options);
  return place.status === "missing" ? place : { ...place, schema: remembered(schemas, place.file, parseSchema) };
}

/** Loads what the classes of an engine say of their parameters. @throws LemError `config.corpus-missing` for damaged ones */
export function loadClassSchemas(engine: EngineId, options: CorpusOptions = {}): ClassSchemasLookup {
  const place = findFile(engine, CLASSES_FILE, options);
  if (place.status === "missing") return place;
  const { status, version, file } = place;
  const held = readJson(file) as ClassSchemas | null;
  if (typeof held?.classes === "object") return { status, version, classes: held };
  throw new LemError("config.corpus-missing", `${file} holds no classes`, { place: { file } });
}

/** Finds the rules of an engine version, and reads them when they are asked for. */
export function findCorpus(engine: string, options: CorpusOptions = {}): RulesLookup {
  const place = findFile(engine, RULES_FILE, options);
  if (place.status === "missing") return place;
  const { status, version, file } = place;
  return { status, version, load: () => loadRules(engine, version, file) };
}

/**
 * Loads the rules of an engine version, and with them the language that they are written in.
 * @throws LemError `config.corpus-invalid` for damaged rules, `config.schema-version` for those of a newer lem
 */
export async function loadCorpus(engine: string, options: CorpusOptions = {}): Promise<CorpusLookup> {
  const found = findCorpus(engine, options);
  if (found.status === "missing") return found;
  const { status, version, load } = found;
  return { status, version, rules: await load() };
}

async function loadRules(engine: string, version: string, file: string): Promise<RuleSet> {
  const { readRuleSet } = await import("./corpus/rule-set.ts");
  return remembered(ruleSets, file, () => {
    const text = readBytes(file).toString("utf8");
    return readRuleSet(text, { engine, version, file, reviewed: reviewedFile(dirname(file)) });
  });
}

type Place = Lookup<{ readonly file: string }>;

function findFile(engine: string, name: string, { version, root }: CorpusOptions): Place {
  const folder = join(root ?? packagedCorpora(), engine);
  const known = versionsWith(folder, name);
  const found = version === undefined ? usualVersion(folder, known) : nearestVersion(version, known);
  if (found === undefined) return { status: "missing" };
  const status = version === undefined || found === version ? "exact" : "other-version";
  return { status, version: found, file: join(folder, found, name) };
}

/** The corpora that come with lem. */
function packagedCorpora(): string {
  const require = createRequire(import.meta.url);
  return dirname(require.resolve("@lem/corpora/package.json"));
}

/**
 * The newest version whose rules were proven on itself, and that lem's own worker described: one that nobody can install,
 * or that is newer than the one that lem comes with, is not what people mean.
 */
function usualVersion(folder: string, known: readonly string[]): string | undefined {
  const own = known.filter((version) => !isBorrowed(join(folder, version, RULES_FILE)));
  return own.findLast((version) => existsSync(join(folder, version, SCHEMA_FILE))) ?? own.at(-1) ?? known.at(-1);
}

/** As much of compiled rules as comes before their classes. */
const HEAD_B = 1024;

/** Whether rules were proven in another version's environment, which their first lines say; not of what cannot be read. */
function isBorrowed(file: string): boolean {
  if (!existsSync(file) || !statSync(file).isFile()) return false;
  const opened = openSync(file, "r");
  try {
    const head = Buffer.alloc(HEAD_B);
    return head.toString("latin1", 0, readSync(opened, head)).includes('"probed_in":');
  } finally {
    closeSync(opened);
  }
}

/** The versions that have a file of that name, oldest first. */
function versionsWith(folder: string, name: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((version) => existsSync(join(folder, version, name)))
    .toSorted(compareVersions);
}

const schemas = new Map<string, ParameterSchema>();
const ruleSets = new Map<string, RuleSet>();

/** Many configurations of one study share what was read. */
function remembered<T>(known: Map<string, T>, file: string, read: (file: string) => T): T {
  const found = known.get(file) ?? read(file);
  known.set(file, found);
  return found;
}

function parseSchema(file: string): ParameterSchema {
  const schema = readJson(file) as Partial<ParameterSchema> | null;
  if (typeof schema?.sections === "object")
    return { engine: "", engine_version: "", sections: {}, defaults: {}, left_out: {}, ...schema };
  throw new LemError("config.corpus-missing", `the parameter schema ${file} holds no sections`, { place: { file } });
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    throw new LemError("config.corpus-missing", `the parameter schema ${file} cannot be read`, {
      cause,
      place: { file },
    });
  }
}

/** No engine's rules come near; what is larger was not made by the miner. */
const LARGEST_RULES_B = 256 * 1024 * 1024;

function readBytes(file: string): Buffer {
  try {
    if (statSync(file).size <= LARGEST_RULES_B) return readFileSync(file);
  } catch (cause) {
    throw new LemError("config.corpus-invalid", `the rules ${file} cannot be read`, { cause, place: { file } });
  }
  throw new LemError("config.corpus-invalid", `the rules ${file} are larger than 256 MiB`, { place: { file } });
}

function reviewedFile(folder: string): Uint8Array | undefined {
  const file = join(folder, REVIEWED_FILE);
  return existsSync(file) ? readBytes(file) : undefined;
}
