/** Bounds that keep a hostile or broken rule from taking memory or time; what exceeds them at run time is unknown. */
export const LIMITS = {
  /** Nesting of a predicate. */
  depth: 64,
  /** Operators and leaves of one predicate. */
  nodes: 10_000,
  /** Elements or characters of a value that an operator makes. */
  length: 100_000,
  /** Bits of an integer that an operator makes. */
  bits: 65_536,
  /** Elements that the quantifiers of one evaluation visit. */
  steps: 100_000,
  /** States of a compiled pattern. */
  patternStates: 2_000,
} as const;
