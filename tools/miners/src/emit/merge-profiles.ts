import type { ProfileChanges } from "@lem/config/corpus";
import { parsePredicate, readsOf } from "@lem/config/invariants";
import { canonicalJson } from "@lem/domain";
import type { ReviewedCorpus, ReviewedRule } from "./corpus-file.ts";

type ReviewedEntry = ReviewedCorpus["entries"][string];

/** What came of one fact profile. */
export interface InProfile<T> {
  readonly profile: string;
  readonly found: T;
}

/**
 * The classes of all profiles as one: a rule of all profiles stands once, and the others say where they hold. Defaults
 * and effective values are those of the first profile that has the class, with the differences of the others.
 */
export function mergedEntries(
  mined: readonly InProfile<Readonly<Record<string, ReviewedEntry>>>[],
): Readonly<Record<string, ReviewedEntry>> {
  const names = new Set(mined.flatMap(({ found }) => Object.keys(found)));
  return Object.fromEntries(
    [...names].map((name) => {
      const held = mined.flatMap(({ profile, found }) => {
        const entry = found[name];
        return entry === undefined ? [] : [{ profile, found: entry }];
      });
      return [name, merged(held, mined.length)];
    }),
  );
}

function merged(held: readonly InProfile<ReviewedEntry>[], profiles: number): ReviewedEntry {
  const [first, ...others] = held as [InProfile<ReviewedEntry>, ...InProfile<ReviewedEntry>[]];
  const varies = others.flatMap(({ profile, found }) => {
    const changes = changesOf(first.found, found);
    return changes === undefined ? [] : [[profile, changes] as const];
  });
  const marking = (isWanted: (rule: ReviewedRule) => boolean, all: number): readonly ReviewedRule[] =>
    marked(
      held.map(({ profile, found }) => ({ profile, found: found.rules.filter(isWanted) })),
      ({ id }) => id,
      all,
    );
  const rules = [...marking(isOfTypes, held.length), ...marking((rule) => !isOfTypes(rule), profiles)];
  return {
    ...first.found,
    rules: rules.toSorted(byId),
    ...(varies.length === 0 ? {} : { varies: Object.fromEntries(varies) }),
  };
}

const TYPE_ORIGINS = ["pydantic_lift", "msgspec_lift", "dataclass_lift"];

/** Whether types alone state a rule: of a machine on which its class was not mined it is true as well. */
const isOfTypes = ({ added_by, when }: ReviewedRule): boolean =>
  TYPE_ORIGINS.includes(added_by) && readsOf(parsePredicate(when)).facts.length === 0;

const byId = (a: ReviewedRule, b: ReviewedRule): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** Items of all profiles, equal ones once; those that not all of the profiles have say which do. */
export function marked<T extends object>(
  mined: readonly InProfile<readonly T[]>[],
  keyOf: (item: T) => string,
  profiles: number,
): readonly (T & { readonly profiles?: readonly string[] })[] {
  const [only, ...others] = mined;
  if (only !== undefined && others.length === 0 && profiles === 1) return only.found;
  const known = new Map<string, { readonly item: T; readonly in: string[] }>();
  for (const { profile, found } of mined)
    for (const item of found) {
      const same = known.get(keyOf(item));
      if (same === undefined) known.set(keyOf(item), { item, in: [profile] });
      else if (!same.in.includes(profile)) same.in.push(profile);
    }
  return [...known.values()].map(({ item, in: holds }) =>
    holds.length === profiles ? item : { ...item, profiles: holds },
  );
}

function changesOf(base: ReviewedEntry, other: ReviewedEntry): ProfileChanges | undefined {
  const defaults = differing(base.defaults, other.defaults);
  const lost = Object.keys(base.effective).filter((field) => !Object.hasOwn(other.effective, field));
  const effective = {
    ...differing(base.effective, other.effective),
    ...Object.fromEntries(lost.map((field) => [field, null])),
  };
  const isSame = Object.keys(defaults).length + Object.keys(effective).length === 0;
  return isSame ? undefined : { defaults, effective };
}

const differing = (
  base: Readonly<Record<string, unknown>>,
  other: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    Object.entries(other).filter(
      ([name, value]) => !Object.hasOwn(base, name) || canonicalJson(value) !== canonicalJson(base[name]),
    ),
  );
