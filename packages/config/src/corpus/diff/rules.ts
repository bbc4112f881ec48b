import type { Corpus, CorpusRule } from "../corpus.ts";
import { overlap, readsIn, wordsIn } from "./likeness.ts";

/** A rule with the class that it is of. */
export interface PlacedRule {
  readonly entry: string;
  readonly rule: CorpusRule;
}

/** A rule of the older version, and what became of it. */
export interface RulePair {
  readonly before: PlacedRule;
  readonly after: PlacedRule;
}

/** How the rules of one version differ from those of another. */
export interface RulesDiff {
  /** Rules of the same meaning in both. */
  readonly same: number;
  readonly added: readonly PlacedRule[];
  readonly removed: readonly PlacedRule[];
  /** The same place, with another condition. */
  readonly changed: readonly RulePair[];
  /** Another place or class, with a condition that is much the same. */
  readonly moved: readonly RulePair[];
}

/** From here on two rules are taken for one that moved. */
const ALIKE = 0.6;

/**
 * Compares the rules of two versions of an engine. A rule's id tells its class, outcome and condition, so that equal ids
 * are equal rules; of the others those of one place and the same fields are one rule that changed, and those that are alike
 * one that moved.
 */
export function diffRules(older: Corpus, newer: Corpus): RulesDiff {
  const before = placedRules(older);
  const after = placedRules(newer);
  const known = new Set(before.map(({ rule }) => rule.id));
  const kept = new Set(after.filter(({ rule }) => known.has(rule.id)).map(({ rule }) => rule.id));
  const open = { before: before.filter(isNone(kept)), after: after.filter(isNone(kept)) };
  const atPlace = pairedAtPlace(open);
  const rest = without(open, atPlace);
  const alike = pairedByLikeness(rest);
  const { before: removed, after: added } = without(rest, alike);
  const isMoved = (pair: RulePair): boolean => placeOf(pair.before) !== placeOf(pair.after);
  return {
    same: kept.size,
    added,
    removed,
    changed: [...atPlace, ...alike.filter((pair) => !isMoved(pair))].toSorted(byId),
    moved: alike.filter(isMoved).toSorted(byId),
  };
}

interface Open {
  readonly before: readonly PlacedRule[];
  readonly after: readonly PlacedRule[];
}

const placedRules = ({ entries }: Corpus): readonly PlacedRule[] =>
  Object.entries(entries).flatMap(([entry, { rules }]) => rules.map((rule) => ({ entry, rule })));

const isNone =
  (ids: ReadonlySet<string>) =>
  ({ rule }: PlacedRule): boolean =>
    !ids.has(rule.id);

const byId = (a: RulePair, b: RulePair): number => (a.after.rule.id < b.after.rule.id ? -1 : 1);

const without = ({ before, after }: Open, pairs: readonly RulePair[]): Open => {
  const gone = new Set(pairs.flatMap((pair) => [pair.before, pair.after]));
  return { before: before.filter((each) => !gone.has(each)), after: after.filter((each) => !gone.has(each)) };
};

const placeOf = ({ entry, rule }: PlacedRule): string => `${entry} ${rule.source.qualname}`;

/** What a rule keeps when only its condition changes. */
const siteOf = ({ entry, rule }: PlacedRule): string =>
  JSON.stringify([entry, rule.severity, rule.exception, rule.source.qualname, [...readsIn(rule.when)].toSorted()]);

/** Of several rules at one place the order of their lines tells which is which. */
function pairedAtPlace({ before, after }: Open): readonly RulePair[] {
  const successors = Map.groupBy(after.toSorted(byLine), siteOf);
  return before.toSorted(byLine).flatMap((each) => {
    const next = successors.get(siteOf(each))?.shift();
    return next === undefined ? [] : [{ before: each, after: next }];
  });
}

const byLine = (a: PlacedRule, b: PlacedRule): number => a.rule.source.line - b.rule.source.line;

/** The most alike first; of equally alike ones in the order of their ids. */
function pairedByLikeness({ before, after }: Open): readonly RulePair[] {
  const pairs = before.flatMap((older) =>
    after
      .filter((newer) => mayBeOne(older, newer))
      .map((newer) => ({ before: older, after: newer, likeness: likeness(older, newer) }))
      .filter((pair) => pair.likeness >= ALIKE),
  );
  const used = new Set<PlacedRule>();
  return pairs
    .toSorted((a, b) => b.likeness - a.likeness || byId(a, b))
    .flatMap(({ before: older, after: newer }) => {
      if (used.has(older) || used.has(newer)) return [];
      used.add(older).add(newer);
      return [{ before: older, after: newer }];
    });
}

const nameOf = ({ entry }: PlacedRule): string => entry.split(".").at(-1) ?? entry;

const mayBeOne = (older: PlacedRule, newer: PlacedRule): boolean =>
  older.rule.severity === newer.rule.severity && nameOf(older) === nameOf(newer);

/** Half the fields that both read, half what their conditions are written with. */
const likeness = ({ rule: a }: PlacedRule, { rule: b }: PlacedRule): number =>
  (overlap(readsIn(a.when), readsIn(b.when)) + overlap(wordsOf(a), wordsOf(b))) / 2;

const wordsOf = (rule: CorpusRule): ReadonlySet<string> => new Set([...wordsIn(rule.when), `raises ${rule.exception}`]);
