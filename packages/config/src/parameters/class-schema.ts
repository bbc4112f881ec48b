import type { JsonObject, JsonValue } from "@lem/domain";

/** One keyword of a class, as the live class and its documentation tell it. */
export interface ParameterOfClass {
  /** What it admits as JSON Schema; empty where JSON types cannot say it; `class` names a class of the engine. */
  readonly schema: JsonObject;
  readonly required?: boolean;
  /** Tagged; absent where none is stated. */
  readonly default?: JsonValue;
  /** SHA-256 of what the engine writes of it; the text itself is the engine's. */
  readonly description_sha256?: string;
}

/** The public keywords of one class. */
export interface ClassSchema {
  /** What made its constructor. */
  readonly family: string;
  readonly place?: { readonly path: string; readonly line: number };
  readonly unknown_keys: "reject" | "accept";
  readonly parameters: Readonly<Record<string, ParameterOfClass>>;
}

/** `classes.json`: every class of an engine version that rules are mined of. */
export interface ClassSchemas {
  readonly schema_version: 1;
  readonly engine: string;
  readonly engine_version: string;
  readonly classes: Readonly<Record<string, ClassSchema>>;
  /** Classes that cannot be imported with what is installed. */
  readonly unavailable: readonly string[];
}
