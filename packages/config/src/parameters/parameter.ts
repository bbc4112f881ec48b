import type { JsonValue } from "@lem/domain";
import type { Severity } from "../corpus/corpus.ts";

/** Why a public name of the engine's is no key of its section. */
export type LeftOutReason = "decided-by-lem" | "not-data";

/** A parameter of an engine, with all that is known of it. */
export interface Parameter {
  /** The native section that it is a key of; undefined for one of a class alone. */
  readonly section: string | undefined;
  readonly name: string;
  /** `integer or null`, `list of text`, `any`. */
  readonly type: string;
  /** The closed list of values that it admits; empty where there is none. */
  readonly choices: readonly JsonValue[];
  /** Values that it names where it also admits others. */
  readonly named: readonly JsonValue[];
  /** `> 0, <= 1`: of its type, and of the rules where all else has its default; empty where there are none. */
  readonly bounds: string;
  /** Tagged; undefined where the engine states none that holds whatever else is set. */
  readonly default: JsonValue | undefined;
  readonly required: boolean;
  /** True where the engine says that it will go. */
  readonly deprecated: boolean;
  /** The classes that it is a keyword of. */
  readonly classes: readonly string[];
  /** Of a section that is one of several classes: the values of its key that know it. */
  readonly methods: readonly string[];
  /** Rules of the engine that read it, errors first. */
  readonly rules: readonly ParameterRule[];
  readonly left_out: LeftOutReason | undefined;
  /** Keys of the map that it takes, where they are known. */
  readonly keys: readonly string[];
  readonly description_sha256: string | undefined;
}

/** A rule that reads a parameter. */
export interface ParameterRule {
  readonly id: string;
  readonly severity: Severity;
}
