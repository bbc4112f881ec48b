import { readsOf, type Values } from "@lem/config/invariants";
import { NOTHING_GIVEN, type JudgedClaim } from "./judge.ts";
import type { Observation } from "./observe.ts";

/** Names of the parameters that a claim's condition reads. */
const fieldsOf = ({ claim }: JudgedClaim): readonly string[] => [
  ...new Set(readsOf(claim.candidate.when).fields.map((path) => path.split(".")[0] ?? path)),
];

/** Whether a condition fails where none of the fields that it reads is given; then it need not be asked there. */
const isQuiet = ({ answer }: JudgedClaim): boolean => answer(NOTHING_GIVEN) === "false";

/** Claims by what they read, so that of hundreds only those are asked that an input can concern. */
export class ClaimIndex {
  readonly #byField: ReadonlyMap<string, readonly JudgedClaim[]>;
  readonly #loud: readonly JudgedClaim[];

  constructor(claims: readonly JudgedClaim[]) {
    this.#loud = claims.filter(({ answer }) => /^(true|raises)$/.test(answer(NOTHING_GIVEN)));
    const loud = new Set(this.#loud);
    const byField = new Map<string, JudgedClaim[]>();
    for (const each of claims)
      if (!loud.has(each))
        for (const field of fieldsOf(each)) byField.set(field, [...(byField.get(field) ?? []), each]);
    this.#byField = byField;
  }

  /** The claims whose condition may hold or raise for an input. */
  of(given: Values): readonly JudgedClaim[] {
    return [...new Set([...this.#loud, ...[...given.keys()].flatMap((field) => this.#byField.get(field) ?? [])])];
  }
}

/** Observations by the fields that they give and the places that they show. */
export class ObservationIndex {
  readonly #all: readonly Observation[];
  readonly #by = new Map<string, Observation[]>();

  constructor(observations: readonly Observation[]) {
    this.#all = observations;
    for (const each of observations)
      for (const key of [...[...each.given.keys()].map(fieldKey), ...signsIn(each)]) {
        const known = this.#by.get(key);
        if (known === undefined) this.#by.set(key, [each]);
        else known.push(each);
      }
  }

  /** The observations that can be anything but silent of claims that show in the same way, in their order. */
  of(group: readonly JudgedClaim[]): readonly Observation[] {
    if (!group.every(isQuiet)) return this.#all;
    const keys = new Set([...group.flatMap(fieldsOf).map(fieldKey), ...group.flatMap(signsOf)]);
    const found = [...keys].map((key) => this.#by.get(key) ?? []);
    return found.length === 1 ? (found[0] ?? []) : [...new Set(found.flat())];
  }
}

const fieldKey = (field: string): string => `given ${field}`;
const lineKey = ({ path, line }: { readonly path: string; readonly line: number }): string => `${path}:${line}`;
const typeKey = (field: string, type: string): string => `type ${field} ${type}`;

/** How a claim shows besides in the fields that it reads. */
function signsOf({ claim: { candidate, shownAt } }: JudgedClaim): readonly string[] {
  const { place, outcome } = candidate;
  if (outcome.kind === "normalise") return [fieldKey(outcome.field)];
  if (place.kind !== "lift") return shownAt.map(lineKey);
  return place.errorType.split("|").map((type) => typeKey(place.field, type));
}

function signsIn({ stages }: Observation): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { exception, said } of stages) {
    for (const each of said) found.add(lineKey(each));
    for (const each of exception?.frames ?? []) found.add(lineKey(each));
    for (const { loc, type, frames } of exception?.items ?? []) {
      found.add(typeKey(String(loc[0]), type));
      for (const each of frames) found.add(lineKey(each));
    }
  }
  return found;
}
