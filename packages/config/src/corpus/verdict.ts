import type { PyValue } from "../invariants/index.ts";
import type { Severity } from "./corpus.ts";

/** One configuration to judge, as programs give it: values are tagged JSON, as {@link decodeValue} reads it. */
export interface EntryConfig {
  /** Public name of the class: `vllm.SamplingParams`. */
  readonly entry: string;
  /** The keywords that are given. */
  readonly set: Readonly<Record<string, unknown>>;
  /** The fact profile; the rule set's own unless told. */
  readonly profile?: string | undefined;
}

/** A rule whose condition holds. */
export interface FiredRule {
  readonly id: string;
  /** `error` for a rule of any severity whose condition raises: then the constructor raises. */
  readonly severity: Severity;
  readonly fields: readonly string[];
}

/** What becomes of a configuration. `unsupported` says that there are no rules for its class. */
export type VerdictKind = "error" | "warn" | "dormant" | "ok" | "unsupported";

/** What the engine makes of a configuration, as far as its rules tell. */
export interface EntryVerdict {
  readonly verdict: VerdictKind;
  readonly profile: string;
  /** Rules that could not be decided; they refuse nothing. */
  readonly abstained: number;
  readonly rules: readonly FiredRule[];
  /** Given fields that hold another value (or one of another type) once the engine has read them. */
  readonly effective: ReadonlyMap<string, PyValue>;
}
