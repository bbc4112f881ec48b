import { encodeValue } from "@lem/config/invariants";
import type { CorpusRule, RuleSet } from "@lem/config/corpus";
import type { Tagged } from "../probe/protocol.ts";
import type { Prediction } from "./judged.ts";

/** Says what becomes of a configuration. */
export type Predict = (entry: string, keywords: Readonly<Record<string, Tagged>>) => Prediction;

/** The public evaluation of `@lem/config` in a fact profile, as other programs see it. */
export function predictBy(rules: RuleSet, profile: string): Predict {
  const places = new Map(
    Object.values(rules.corpus.entries).flatMap((entry) =>
      entry.rules.map((rule) => [rule.id, placeOf(rule)] as const),
    ),
  );
  return (entry, set) => {
    const { verdict, abstained, rules: fired, effective } = rules.evaluate({ entry, set, profile });
    const refusing = fired.filter(({ severity }) => severity === "error");
    return {
      verdict,
      abstained,
      rules: fired.map(({ id }) => id),
      places: refusing.flatMap(({ id, fields: [field = ""] }) => places.get(id) ?? [field, "outside:TypeError"]),
      effective: Object.fromEntries([...effective].map(([name, value]) => [name, encodeValue(value)])),
    };
  };
}

/** Where a rule was mined: `path:line`, or the parameter of one that its type gives. */
export const placeOf = ({ source: { path, qualname, line } }: CorpusRule): string =>
  path === "" ? (qualname.split(".").at(-1) ?? "") : `${path}:${line}`;
