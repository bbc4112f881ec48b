import type { Expr as Predicate, PyValue } from "@lem/config/invariants";

/** How a rule came to be known. */
export const ORIGINS = [
  "static_walk",
  "probe",
  "pydantic_lift",
  "msgspec_lift",
  "dataclass_lift",
  "manual_seed",
  "runtime_warning",
  "observed_collision",
] as const;

/** One of {@link ORIGINS}. */
export type Origin = (typeof ORIGINS)[number];

/** What the engine does at a site: it refuses, says something, or puts another value in a field's place. */
export type CandidateOutcome =
  | { readonly kind: "error"; readonly exception: string | null }
  | { readonly kind: "warn" }
  | { readonly kind: "normalise"; readonly field: string; readonly to: Predicate };

/** Where a candidate comes from. Lifts have no site of the ledger; they are told by field and type of the error item. */
export type CandidatePlace =
  | {
      readonly kind: "site";
      readonly site: string;
      readonly path: string;
      readonly qualname: string;
      readonly line: number;
    }
  /** Several error types are joined by `|`. */
  | { readonly kind: "lift"; readonly field: string; readonly errorType: string };

/** What one place does under which condition on the entry's input; nothing has proven it yet. */
export interface Candidate {
  /** Dotted public name of the class. */
  readonly entry: string;
  readonly origin: Origin;
  readonly place: CandidatePlace;
  /** 0 is the construction, n the target's n-th call on the object. */
  readonly stage: number;
  readonly outcome: CandidateOutcome;
  /** In Python's order of evaluation, over the user's input; may hold `unknown`. */
  readonly when: Predicate;
  /** Sites of earlier raises that hide this one where their own condition holds. */
  readonly shadowedBy: readonly string[];
  /** Of a place that only collects: the sites that raise or say what it collects. */
  readonly shownAt?: readonly string[];
}

/** One parameter of an entry, with its default as the constructor sees it; undefined where it must be given. */
export interface EntryParameter {
  readonly name: string;
  readonly default: Predicate | undefined;
}

/** What becomes of a keyword that is no parameter. */
export type UnknownKeys = "reject" | "accept";

/** What the walk came to at a site of the ledger. */
export interface SiteFinding {
  readonly site: string;
  readonly status: "candidate" | "unknown" | "unreachable" | "internal" | "needs-fact" | "needs-model";
  readonly reason: string;
}

/** An object of a validating class that an entry makes: what its fields are given of the entry's input, and when. */
export interface MadePart {
  /** Dotted name of the class by its module. */
  readonly className: string;
  readonly stage: number;
  readonly when: Predicate;
  readonly fields: Readonly<Record<string, Predicate>>;
}

/** What the methods that run before a field's type make of the input, by their dotted names. */
export interface Prepared {
  readonly methods: readonly string[];
  readonly value: Predicate;
}

/** Everything that is known of one entry before anything is proven. */
export interface EntryModel {
  readonly entry: string;
  readonly parameters: readonly EntryParameter[];
  readonly unknownKeys: UnknownKeys;
  readonly candidates: readonly Candidate[];
  /** Attribute of the same name after all calls, as an expression over the input; only where it can differ from it. */
  readonly effective: Readonly<Record<string, Predicate>>;
  readonly findings: readonly SiteFinding[];
  /** Values that annotations name, by parameter: worth trying, though no condition reads them. */
  readonly hints?: Readonly<Record<string, readonly PyValue[]>>;
  /** Objects of validating classes that it makes: their types have rules for the entry, too. */
  readonly parts?: readonly MadePart[];
  /** Fields that methods of the class change before their types look at them. */
  readonly prepared?: Readonly<Record<string, Prepared>>;
  /** Fields in whose place a dict of other entries' keywords may stand: one of those entries must take it. */
  readonly nested?: Readonly<Record<string, readonly string[]>>;
  /** Keywords that it needs and that come from elsewhere than a section of its own. */
  readonly supplied?: readonly string[];
  /** Facts that the predicates read, as they are on the machine that was asked. */
  readonly facts?: Readonly<Record<string, PyValue>>;
}
