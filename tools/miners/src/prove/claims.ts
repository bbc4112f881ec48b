import { isDict, isObject, typeName, type Expr, type Values } from "@lem/config/invariants";
import type { Candidate } from "../candidates/candidate.ts";
import type { LedgerSite } from "../ledger/ledger.ts";
import type { Claim, SourceLine } from "./signs.ts";

/** What candidates become claims with. */
export interface ClaimContext {
  readonly sites: readonly LedgerSite[];
  readonly facts: Values;
  readonly errorStages: readonly number[];
}

/** Candidates with the lines at which they show. What is collected shows where it is raised or said. */
export function claimsOf(
  candidates: readonly Candidate[],
  { sites, facts, errorStages }: ClaimContext,
): readonly Claim[] {
  const byId = new Map(sites.map((site) => [site.id, site]));
  return candidates.map((found) => {
    const candidate = asChange(found, facts);
    const shownAt = linesOf(candidate, byId);
    return { candidate, shownAt, group: groupOf(candidate, shownAt), errorStages };
  });
}

/** A store changes something only where the user gave the field, and something else than what is stored. Lifts say so. */
function asChange(candidate: Candidate, facts: Values): Candidate {
  const { outcome, when, place } = candidate;
  if (outcome.kind !== "normalise" || place.kind === "lift") return candidate;
  const field = { op: "field", path: outcome.field } as const;
  const parts: readonly Expr[] = [
    { op: "isSet", path: outcome.field },
    ...conjuncts(when),
    ...otherThan(field, outcome.to, facts),
  ];
  return { ...candidate, when: { op: "all", args: parts } };
}

const conjuncts = (when: Expr): readonly Expr[] => {
  if (when.op === "const" && when.value === true) return [];
  return when.op === "all" ? when.args : [when];
};

/** Where what is stored is something else than the field. 1 in place of True is, though they are equal. */
function otherThan(field: Expr & { op: "field" }, to: Expr, facts: Values): readonly Expr[] {
  if (isObjectFor(to, facts)) return [];
  if (to.op === "field" && to.path === field.path) return [{ op: "const", value: false }];
  if (to.op === "ite") {
    const [yes, no] = [to.yes, to.no].map((part) => allOf(otherThan(field, part, facts)));
    return yes === undefined || no === undefined ? [] : [{ op: "ite", test: to.test, yes, no }];
  }
  const type = typeOf(to);
  const differs: Expr = { op: "ne", args: [field, to] };
  if (type === undefined) return [differs];
  return [{ op: "any", args: [{ op: "not", of: { op: "exactType", of: field, classes: [type] } }, differs] }];
}

/** Whether a value is an object here, which no data that a user writes equals. */
function isObjectFor(to: Expr, facts: Values): boolean {
  if (to.op === "const") return isObject(to.value);
  if (to.op === "fact") return isObject(facts.get(to.name) ?? null);
  const [of] = to.op === "index" ? to.args : [];
  const held = of?.op === "fact" ? facts.get(of.name) : undefined;
  return held !== undefined && isDict(held) && [...held.index.values()].every(([, item]) => isObject(item));
}

const allOf = ([only]: readonly Expr[]): Expr => only ?? { op: "const", value: true };

const RESULT_TYPES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(["list", "sorted", "distinct", "lengths", "keys", "values", "items"].map((op) => [op, "list"])),
  ...Object.fromEntries(["lower", "upper", "strip", "str"].map((op) => [op, "str"])),
  ...Object.fromEntries(["len", "count", "int"].map((op) => [op, "int"])),
  tuple: "tuple",
  set: "set",
  unique: "set",
};

/** The type of a value that is known beforehand. */
function typeOf(to: Expr): string | undefined {
  if (to.op !== "const") return RESULT_TYPES[to.op];
  return to.value === null ? "none" : typeName(to.value);
}

function linesOf({ place, shownAt }: Candidate, byId: ReadonlyMap<string, LedgerSite>): readonly SourceLine[] {
  if (place.kind === "lift") return [];
  if (shownAt === undefined) return [{ path: place.path, line: place.line }];
  return shownAt.flatMap((id) => byId.get(id) ?? []).map(({ path, line }) => ({ path, line }));
}

function groupOf({ place, stage, outcome }: Candidate, shownAt: readonly SourceLine[]): string {
  const lines = shownAt.map(({ path, line }) => `${path}:${line}`);
  const where = place.kind === "lift" ? [place.field, place.errorType] : lines;
  return JSON.stringify([outcome.kind, stage, outcome.kind === "normalise" ? outcome.field : where]);
}
