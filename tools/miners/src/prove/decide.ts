import type { Expr } from "@lem/config/invariants";
import type { Observation } from "./observe.ts";
import type { Claim } from "./signs.ts";
import type { Tally } from "./tally.ts";

/** Why a claim is no rule. */
export const QUARANTINE_REASONS = {
  "over-broad": "it held where the class did nothing of the kind",
  "over-narrow": "the class did it where no claim of that place held",
  unreachable: "no input was found for which it holds",
  shadowed: "where it holds, the class always refuses elsewhere",
  thin: "it was confirmed too seldom",
  unflipped: "a part of it was never seen to matter by itself, and may matter",
  flaky: "the class did not do the same twice",
  unknown: "it hangs on what could not be translated or is not known",
  "wrong-value": "the class put another value into the field",
  "not-idempotent": "the class changed its own result again",
} as const;

/** One of {@link QUARANTINE_REASONS}. */
export type QuarantineReason = keyof typeof QUARANTINE_REASONS;

/** What the observations make of a claim. `quiet` is one that is right but for inputs for which its condition raises. */
export type Decision =
  | { readonly kind: "accepted"; readonly isPartial: boolean }
  | { readonly kind: "quiet" }
  | { readonly kind: "refuted"; readonly reason: QuarantineReason };

/** Confirmations that a rule needs, of each kind. */
export const LEAST = { firing: 30, silent: 30 } as const;

/** A claim that is no rule, with a smallest input that shows why. */
export interface RefutedClaim {
  readonly claim: Claim;
  readonly tally: Tally;
  readonly reason: QuarantineReason;
  readonly counterexample: Observation | undefined;
}

/** Judges a claim by its tally. One that reads no field holds always or never: once is enough. */
export function decide({ counts, contradictions }: Tally, readsInput: boolean): Decision {
  const unstable = contradictions.every(({ observation }) => observation.flaky);
  if (counts.broad > 0) return { kind: "refuted", reason: unstable ? "flaky" : "over-broad" };
  if (counts.loud > 0) return { kind: "quiet" };
  if (counts.fires === 0) return { kind: "refuted", reason: neverFired(counts) };
  if (readsInput && (counts.fires < LEAST.firing || counts.silent < LEAST.silent))
    return { kind: "refuted", reason: "thin" };
  return { kind: "accepted", isPartial: counts.narrow > 0 };
}

function neverFired({ narrow, hidden, open }: Tally["counts"]): QuarantineReason {
  if (narrow > 0) return "over-narrow";
  if (hidden > 0) return "shadowed";
  return open > 0 ? "unknown" : "unreachable";
}

/** The same condition, false where it would raise. */
export const quieted = (when: Expr): Expr => ({
  op: "all",
  args: [{ op: "not", of: { op: "raises", of: when, exception: "Exception" } }, when],
});
