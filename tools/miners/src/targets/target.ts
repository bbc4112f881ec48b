import type { EngineId, JsonValue } from "@lem/domain";

/** A call that the engine makes on an object of the class before it is used. */
export interface TargetCall {
  readonly method: string;
  /** Tagged values, as in a probe request. */
  readonly keywords: Readonly<Record<string, JsonValue>>;
  /** What a refusal by this call means to a user of the class. */
  readonly severity: "error" | "warn";
}

/** A configuration class that users construct, by its public name. */
export interface EntryClass {
  /** Dotted public name: re-exports are followed. */
  readonly name: string;
  /** Runs after the construction, in this order. */
  readonly calls: readonly TargetCall[];
}

/** Every descendant of one class in the modules of one package. */
export interface EntryFamily {
  /** Dotted name of the base class. */
  readonly base: string;
  /** Dotted name of the module whose classes are looked at. */
  readonly module: string;
  /** The package that users import them from; a class that it does not export goes by its module. */
  readonly public: string;
  readonly calls: readonly TargetCall[];
}

/** A section of the YAML that is one of several classes, by the value of a key. */
export interface SectionChoice {
  readonly key: string;
  /** Dotted name of a dict in the engine's source, from the key's value to the class. */
  readonly mapping: string | null;
  /** Values that the dict lacks, with the class; they win. */
  readonly entries: Readonly<Record<string, string>>;
}

/** What the miner must be told of an engine; it holds for all versions, and names all that is the engine's own. */
export interface Target {
  readonly engine: EngineId;
  /** Names of the package in an index, the preferred one first. */
  readonly packages: readonly string[];
  /** Top folder of the import package. */
  readonly root: string;
  readonly classes: readonly EntryClass[];
  readonly families: readonly EntryFamily[];
  /** Sections of the YAML, with the class that they are keywords of. */
  readonly sections: Readonly<Record<string, string | SectionChoice>>;
  /** Dotted names that must exist before mining starts: without them the engine was rebuilt, and silence means nothing. */
  readonly landmarks: readonly string[];
  /** Keywords by entry without which it cannot be constructed at all, tagged. */
  readonly fixtures: Readonly<Record<string, Readonly<Record<string, JsonValue>>>>;
  /** Environment that the engine is probed in. */
  readonly env: Readonly<Record<string, string>>;
}

/** Names of the methods that run after the construction, each once. */
export const methodsOf = (calls: readonly TargetCall[]): readonly string[] => [
  ...new Set(calls.map(({ method }) => method)),
];
