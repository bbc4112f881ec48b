/** How hard a rule is: refused; said by the engine; silently changed or ignored by the engine. */
export type Severity = "error" | "warn" | "dormant";

/** The place in the engine's source that a rule was mined from; of a lift, the class and field. */
export interface RuleSource {
  readonly path: string;
  readonly qualname: string;
  /** From 1; 0 where the rule has no line of its own. */
  readonly line: number;
  /** SHA-256 of the file. */
  readonly sha: string;
}

/** What the real class showed: how often the rule fired and kept silent as predicted. */
export interface RuleEvidence {
  readonly firing: number;
  readonly silent: number;
  /** Conditions of the predicate that were seen to matter each by itself. */
  readonly atoms: number;
  /**
   * How many of its other conditions hang on the machine alone, follow from the rest (no input makes them decide),
   * decide only where the class refuses for another reason first, or where the machine gives no answer. Of those that no
   * input was found for, `free` ones had either answer where the class refused; to the one answer of `pinned` ones the
   * rule is held.
   */
  readonly unflipped?: Readonly<Partial<Record<UnflippedReason, number>>>;
  readonly seed: number;
}

/** Why a condition of a rule was not seen to matter by itself. */
export type UnflippedReason = "machine" | "implied" | "hidden" | "unanswered" | "free" | "pinned";

/** One rule of a corpus. `when` is the tagged JSON of a predicate as `parsePredicate` reads it. */
export interface CorpusRule {
  /** Entry, field, kind and six hexadecimal digits: `vllm.SamplingParams.top_p.error-7f3a1c`. */
  readonly id: string;
  readonly severity: Severity;
  /** Fields that the predicate reads, the blamed one first. */
  readonly fields: readonly string[];
  readonly when: unknown;
  /** The exception's class of an error rule. */
  readonly exception: string | null;
  readonly added_by: string;
  readonly source: RuleSource;
  readonly evidence: RuleEvidence | null;
  /** The profiles that it was proven in; absent where those are all of the corpus. */
  readonly profiles?: readonly string[];
}

/** How a class is another one in one profile than in the first of the corpus. */
export interface ProfileChanges {
  /** Defaults that differ. */
  readonly defaults: Readonly<Record<string, unknown>>;
  /** Effective values that differ; null where none is known. */
  readonly effective: Readonly<Record<string, unknown>>;
}

/** The rules of one class. */
export interface CorpusEntry {
  /** The constructor's own default per parameter, tagged; a parameter without one is in `required`. */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly required: readonly string[];
  /** Keywords that the constructor needs, and that come from elsewhere than its section. */
  readonly supplied?: readonly string[];
  /** Keywords that it takes and whose default is not known. */
  readonly unstated?: readonly string[];
  readonly unknown_keys: "reject" | "accept";
  /** Fields in whose place a dict of keywords may stand, with the classes of this corpus of which one must take it. */
  readonly nested?: Readonly<Record<string, readonly string[]>>;
  readonly rules: readonly CorpusRule[];
  /** Effective value per field as a predicate-language expression over the input; fields not listed stay as given. */
  readonly effective: Readonly<Record<string, unknown>>;
  readonly varies?: Readonly<Record<string, ProfileChanges>>;
}

/** The facts of one kind of machine, tagged: `cpu`, `cuda-sm90`. */
export interface CorpusProfile {
  /** True where the machine was only pretended when its rules were proven. */
  readonly pretended?: boolean;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** The rules of one engine version, as the runtime reads them. */
export interface Corpus {
  readonly schema_version: 1;
  /** SHA-256 of this file with these digits left out, as `sealCorpus` puts it in; where it stands it must be right. */
  readonly content_sha256?: string;
  readonly engine: string;
  readonly engine_version: string;
  /** SHA-256 over the mined files, and over the YAML that this JSON was compiled from. */
  readonly source_sha256: string;
  readonly validated_sha256: string;
  /** The version in whose environment the rules were proven, where there was none of this version. */
  readonly probed_in?: string;
  readonly profiles: Readonly<Record<string, CorpusProfile>>;
  /** Named constants, tagged. */
  readonly domains: Readonly<Record<string, unknown>>;
  /** Config section to entry: `generation` to `transformers.GenerationConfig`; a list where a key of the section picks one. */
  readonly sections: Readonly<
    Record<string, string | { readonly key: string; readonly entries: Readonly<Record<string, string>> }>
  >;
  readonly entries: Readonly<Record<string, CorpusEntry>>;
}
