import type { EngineId } from "@lem/domain";

/** A configuration class that users construct, by its public name. */
export interface EntryClass {
  /** Dotted public name: re-exports are followed. */
  readonly name: string;
  /** Methods besides the constructor that the engine runs on it: `validate`. */
  readonly methods?: readonly string[];
}

/** Every descendant of one class in the modules of one package. */
export interface EntryFamily {
  /** Dotted name of the base class. */
  readonly base: string;
  /** Dotted name of the module whose classes are looked at. */
  readonly module: string;
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
  /** Dotted names that must exist before mining starts: without them the engine was rebuilt, and silence means nothing. */
  readonly landmarks: readonly string[];
}
