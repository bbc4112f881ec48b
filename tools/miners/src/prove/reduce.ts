import type { EntryProof } from "./prove-entry.ts";
import { judged } from "./judge.ts";
import type { Background } from "./background.ts";
import { narrowed } from "./narrow.ts";
import type { Observation } from "./observe.ts";
import { ObservationIndex } from "./relevant.ts";
import { ruleOf, type MinedRule } from "./mined-rule.ts";

/** The rules of one class, and those that say nothing beyond them. */
export interface ReducedRules {
  readonly rules: readonly MinedRule[];
  readonly subsumed: readonly { readonly rule: MinedRule; readonly by: readonly string[] }[];
  /** Rules with a part that was never seen to matter, which no other rule covers: none to rely on. */
  readonly unflipped: readonly MinedRule[];
}

/** Firings that must all be covered before a rule is left out. */
const LEAST_SHARED = 10;

/**
 * Leaves out rules that others cover wherever the class was seen to confirm them: the same condition elsewhere, a
 * stronger one of the same place, or one that only sums others up. Of two that cover one another the first stays.
 */
export function reduce(engine: string, proof: EntryProof): ReducedRules {
  const rules = proof.proven.map((each) => ruleOf(engine, narrowed(each, proof)));
  const unflipped = withoutCovered(rules, proof).rules.filter((rule) => rule.proof.atoms.includes("unseen"));
  const seen = rules.filter((rule) => !unflipped.includes(rule));
  return { ...withoutCovered(seen, proof), unflipped };
}

function withoutCovered(rules: readonly MinedRule[], proof: EntryProof): Omit<ReducedRules, "unflipped"> {
  const index = new ObservationIndex(proof.observations);
  const tables = new Map(rules.map((rule) => [rule, firings(rule, proof.background, index)]));
  const subsumed: ReducedRules["subsumed"][number][] = [];
  const kept = new Set(rules);
  for (const rule of byBreadth(rules)) {
    const by = coverOf(
      rule,
      [...kept].filter((other) => other !== rule),
      tables,
    );
    if (by.length === 0) continue;
    kept.delete(rule);
    subsumed.push({ rule, by: by.map(({ id }) => id) });
  }
  return { rules: rules.filter((rule) => kept.has(rule)), subsumed };
}

type Firings = ReadonlySet<Observation>;

/** The observations for which a rule holds. */
function firings({ proof: { claim }, when }: MinedRule, background: Background, index: ObservationIndex): Firings {
  const each = judged({ ...claim, candidate: { ...claim.candidate, when } }, background);
  return new Set(index.of([each]).filter(({ given }) => each.answer(given) === "true"));
}

/** Those that read most are judged first: they sum others up. Later stages go before earlier ones. */
const byBreadth = (rules: readonly MinedRule[]): readonly MinedRule[] =>
  rules.toSorted(
    (a, b) => b.fields.length - a.fields.length || b.proof.claim.candidate.stage - a.proof.claim.candidate.stage,
  );

function coverOf(
  rule: MinedRule,
  others: readonly MinedRule[],
  tables: ReadonlyMap<MinedRule, Firings>,
): readonly MinedRule[] {
  const own = tables.get(rule) ?? new Set<Observation>();
  const similar = others.filter(({ severity }) => severity === rule.severity);
  const same = similar.find(({ semanticId }) => semanticId === rule.semanticId);
  if (same !== undefined) return [same];
  if (own.size < LEAST_SHARED) return [];
  const weaker = similar.find((other) => isSamePlace(rule, other) && isWithin(own, tables.get(other)));
  if (weaker !== undefined) return [weaker];
  const parts = similar.filter((other) => other.proof.claim.group === rule.proof.claim.group);
  const together = new Set(parts.flatMap((part) => [...(tables.get(part) ?? [])]));
  return parts.length > 1 && isWithin(own, together) ? parts : [];
}

const isWithin = (inner: Firings, outer: Firings | undefined): boolean =>
  [...inner].every((each) => outer?.has(each) === true);

function isSamePlace(a: MinedRule, b: MinedRule): boolean {
  const [one, other] = [a.proof.claim.candidate.place, b.proof.claim.candidate.place];
  return one.kind === "site" && other.kind === "site" && one.site === other.site;
}
