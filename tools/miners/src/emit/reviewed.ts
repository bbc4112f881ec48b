import { encodeValue, printPredicate, type Values } from "@lem/config/invariants";
import type { RuleEvidence } from "@lem/config/corpus";
import type { EntryModel } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { RefutedClaim } from "../prove/decide.ts";
import type { EntryProof } from "../prove/prove-entry.ts";
import type { MinedRule } from "../prove/mined-rule.ts";
import type { ReducedRules } from "../prove/reduce.ts";
import type { AtomEffect } from "../prove/independence.ts";
import type { Observation } from "../prove/observe.ts";
import { originOf } from "../prove/signs.ts";
import type { ReviewedCorpus, ReviewedRule } from "./corpus-file.ts";

/** All that is known of one class after its proof. */
export interface MinedEntry {
  readonly model: EntryModel;
  readonly proof: EntryProof;
  readonly reduced: ReducedRules;
}

type ReviewedEntry = ReviewedCorpus["entries"][string];

type NestedEntries = Readonly<Record<string, readonly string[]>>;

/** A class's part of the reviewed corpus. */
export function reviewedEntry(
  { model, proof, reduced }: MinedEntry,
  shas: ReadonlyMap<string, string>,
  seed: number,
): ReviewedEntry {
  const { defaults } = proof.background;
  const needed = model.parameters.filter((each) => each.default === undefined).map(({ name }) => name);
  const { nested = {}, supplied = [] } = model;
  const elsewhere = needed.filter((name) => supplied.includes(name));
  const told = new Set([...needed, ...defaults.keys()]);
  const isClosed = model.unknownKeys === "reject";
  const unstated = model.parameters.flatMap(({ name }) => (isClosed && !told.has(name) ? [name] : []));
  return {
    defaults: taggedValues(defaults),
    required: needed.filter((name) => !supplied.includes(name)).toSorted(),
    ...(elsewhere.length === 0 ? {} : { supplied: elsewhere.toSorted() }),
    ...(unstated.length === 0 ? {} : { unstated: unstated.toSorted() }),
    unknown_keys: model.unknownKeys,
    ...(Object.keys(nested).length === 0 ? {} : { nested: sortedObject(Object.entries(nested)) as NestedEntries }),
    effective: sortedObject(
      Object.entries(proof.effective.proven).map(([field, expr]) => [field, printPredicate(expr)]),
    ),
    rules: distinct(reduced.rules.map((rule) => reviewedRule(rule, shas, seed)).toSorted(byId)),
  };
}

const byId = (a: ReviewedRule, b: ReviewedRule): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Two rules of one meaning would have one id. */
const distinct = (rules: readonly ReviewedRule[]): readonly ReviewedRule[] =>
  rules.filter(({ id }, at) => id !== rules[at - 1]?.id);

function reviewedRule(rule: MinedRule, shas: ReadonlyMap<string, string>, seed: number): ReviewedRule {
  const { claim, tally, atoms, isPartial } = rule.proof;
  const { place, entry, origin } = claim.candidate;
  const source =
    place.kind === "site"
      ? { path: place.path, qualname: place.qualname, line: place.line, sha: shas.get(place.path) ?? "" }
      : { path: "", qualname: `${entry}.${place.field}`, line: 0, sha: "" };
  return {
    id: rule.id,
    severity: rule.severity,
    fields: rule.fields,
    when: printPredicate(rule.when),
    exception: rule.exception,
    added_by: origin,
    source,
    evidence: { firing: tally.counts.fires, silent: tally.counts.silent, ...flipsOf(atoms), seed },
    semantic_id: rule.semanticId.slice(0, 24),
    site_key: rule.siteKey,
    partial: isPartial,
  };
}

/** How many atoms were seen to matter by themselves, and why the others were not. */
function flipsOf(atoms: readonly AtomEffect[]): Pick<RuleEvidence, "atoms"> & Partial<Pick<RuleEvidence, "unflipped">> {
  const count = (effect: AtomEffect): number => atoms.filter((each) => each === effect).length;
  const reasons = (["machine", "implied", "hidden", "unanswered", "free", "pinned"] as const).filter(
    (effect) => count(effect) > 0,
  );
  const unflipped = Object.fromEntries(reasons.map((effect) => [effect, count(effect)]));
  return { atoms: count("shown"), ...(reasons.length === 0 ? {} : { unflipped }) };
}

const sortedObject = (pairs: readonly (readonly [string, unknown])[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));

const taggedValues = (values: Values): Readonly<Record<string, unknown>> =>
  sortedObject([...values].map(([name, value]) => [name, encodeValue(value)]));

/**
 * Candidates that are no rules, without those that only repeat a rule: a check that runs again in a later call never
 * gets to refuse what the first one refused.
 */
export function contradicted({ proof, reduced }: MinedEntry): readonly RefutedClaim[] {
  const known = new Set(reduced.rules.map(({ proof: { claim } }) => siteOf(claim)));
  const refuted = proof.refuted.filter(({ claim, reason }) => reason !== "shadowed" || !known.has(siteOf(claim)));
  const unflipped = reduced.unflipped.map(({ proof: { claim, tally } }): RefutedClaim => {
    return { claim, tally, reason: "unflipped", counterexample: undefined };
  });
  return [...refuted, ...unflipped];
}

const siteOf = ({ candidate: { place } }: RefutedClaim["claim"]): string =>
  place.kind === "site" ? place.site : `${place.field} ${place.errorType}`;

/** A candidate that is no rule, with a smallest input that shows why. */
export function quarantined({ claim, tally, reason, counterexample }: RefutedClaim): Readonly<Record<string, unknown>> {
  const { entry, place, outcome, stage, when, origin } = claim.candidate;
  const { counts } = tally;
  return {
    entry,
    place: place.kind === "site" ? { path: place.path, qualname: place.qualname, line: place.line } : { ...place },
    stage,
    outcome: outcome.kind,
    added_by: origin,
    reason,
    when: printPredicate(when),
    evidence: { firing: counts.fires, silent: counts.silent, hidden: counts.hidden, open: counts.open },
    contradictions: { broad: counts.broad, loud: counts.loud, narrow: counts.narrow },
    ...shown(counterexample),
  };
}

/** An effective value that the class contradicted. */
export function refutedEffective(
  entry: string,
  { field, expression, reason, counterexample }: EntryProof["effective"]["refuted"][number],
): Readonly<Record<string, unknown>> {
  return {
    entry,
    place: { field },
    outcome: "effective",
    reason,
    to: printPredicate(expression),
    ...shown(counterexample),
  };
}

function shown(observation: Observation | undefined): Readonly<Record<string, unknown>> {
  if (observation === undefined) return {};
  const stages = observation.stages.map(({ outcome, exception }) =>
    exception === null ? outcome : `${outcome} ${originOf(exception)}`,
  );
  return { counterexample: { given: taggedValues(observation.given), stages } };
}

/** A candidate before any proof. */
export function proposed(
  { entry, place, outcome, stage, when, origin, shadowedBy }: EntryModel["candidates"][number],
  sites: ReadonlyMap<string, LedgerSite>,
): Readonly<Record<string, unknown>> {
  const at =
    place.kind === "site"
      ? {
          site: place.site,
          kind: sites.get(place.site)?.kind ?? "",
          path: place.path,
          qualname: place.qualname,
          line: place.line,
        }
      : { field: place.field, error: place.errorType };
  return {
    entry,
    place: at,
    stage,
    outcome: outcome.kind === "normalise" ? { field: outcome.field, to: printPredicate(outcome.to) } : { ...outcome },
    added_by: origin,
    when: printPredicate(when),
    shadowed_by: [...shadowedBy],
  };
}
