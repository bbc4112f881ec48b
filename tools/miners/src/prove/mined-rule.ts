import { readsOf, type Expr } from "@lem/config/invariants";
import type { Candidate } from "../candidates/candidate.ts";
import { atomsOf } from "./atoms.ts";
import { semanticId, siteKey } from "./identity.ts";
import type { ProvenClaim } from "./prove-entry.ts";
import type { Claim } from "./signs.ts";

/** How hard a rule is for a user. */
export type RuleSeverity = "error" | "warn" | "dormant";

/** A proven claim as a rule, with its names. */
export interface MinedRule {
  readonly id: string;
  readonly semanticId: string;
  readonly siteKey: string;
  readonly severity: RuleSeverity;
  /** Fields that it reads, the one to blame first. */
  readonly fields: readonly string[];
  readonly when: Expr;
  readonly exception: string | null;
  readonly proof: ProvenClaim;
}

/** What a claim means to a user: a refusal by a strict call is a warning. */
export function severityOf({ candidate, errorStages }: Claim): RuleSeverity {
  if (candidate.outcome.kind === "normalise") return "dormant";
  return candidate.outcome.kind === "error" && errorStages.includes(candidate.stage) ? "error" : "warn";
}

/** A proven claim as a rule. */
export function ruleOf(engine: string, proof: ProvenClaim): MinedRule {
  const { candidate } = proof.claim;
  const severity = severityOf(proof.claim);

  const { entry, outcome, when } = candidate;
  const fields = blamedFirst(candidate);
  const semantic = semanticId({ engine, entry, outcome: severity, when });
  const reads = readsOf(when).fields;
  const qualname = candidate.place.kind === "site" ? candidate.place.qualname : candidate.place.field;
  const channel = outcome.kind === "error" ? (outcome.exception ?? "error") : outcome.kind;
  return {
    id: `${entry}.${fields[0] ?? "any"}.${severity}-${semantic.slice(0, 6)}`,
    semanticId: semantic,
    siteKey: siteKey({ entry, channel, qualname, reads }),
    severity,
    fields,
    when,
    exception: outcome.kind === "error" ? outcome.exception : null,
    proof,
  };
}

/** The field that most atoms read is to blame; of equal ones the first. */
function blamedFirst({ place, outcome, when }: Candidate): readonly string[] {
  const fields = [...new Set(readsOf(when).fields.map((path) => path.split(".")[0] ?? path))];
  if (place.kind === "lift") return [place.field, ...fields.filter((field) => field !== place.field)];
  if (outcome.kind === "normalise") return [outcome.field, ...fields.filter((field) => field !== outcome.field)];
  const reads = atomsOf(when).flatMap((atom) => readsOf(atom).fields);
  const count = (field: string): number => reads.filter((path) => path.split(".")[0] === field).length;
  return fields.toSorted((a, b) => count(b) - count(a));
}
