import { encodeValue } from "@lem/config/invariants";
import type { RuleSet } from "@lem/config/corpus";
import type { Tagged } from "../probe/protocol.ts";
import type { Prediction } from "./judged.ts";

/** Says what becomes of a configuration. */
export type Predict = (entry: string, keywords: Readonly<Record<string, Tagged>>) => Prediction;

/** The public evaluation of `@lem/config`, as other programs see it. */
export const predictBy =
  (rules: RuleSet): Predict =>
  (entry, set) => {
    const { verdict, abstained, rules: fired, effective } = rules.evaluate({ entry, set });
    return {
      verdict,
      abstained,
      rules: fired.map(({ id }) => id),
      effective: Object.fromEntries([...effective].map(([name, value]) => [name, encodeValue(value)])),
    };
  };
