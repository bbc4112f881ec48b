import type { Sample } from "./sample/strata.ts";
import type { Truth } from "./truth.ts";
import type { Tagged } from "../probe/protocol.ts";
import { isSameValue } from "./same-value.ts";

/** What rules say of a configuration, in the form that truth has. */
export interface Prediction {
  readonly verdict: "error" | "warn" | "dormant" | "ok" | "unsupported";
  readonly abstained: number;
  readonly rules: readonly string[];
  /** Where the rules that refuse were mined: `path:line`, or the parameter of one that its type gives. */
  readonly places: readonly string[];
  readonly effective: Readonly<Record<string, Tagged>>;
}

/** One configuration with what happened and what was foretold. */
export interface Judged {
  readonly sample: Sample;
  readonly truth: Truth;
  readonly prediction: Prediction;
  /** What the type checker of annotations would have said. */
  readonly conforms: boolean;
}

/** True where a refusal is foretold. */
export const refuses = ({ prediction }: Judged): boolean => prediction.verdict === "error";

/** True where a rule refuses that is of a place that the refusal went through. */
export const attributes = (judged: Judged): boolean =>
  refuses(judged) && judged.prediction.places.some((place) => judged.truth.through.includes(place));

/** True where a warning or change is foretold. */
export const notices = ({ prediction }: Judged): boolean =>
  prediction.verdict === "warn" || prediction.verdict === "dormant";

/** True where a given value changed. */
export const isChanged = ({ truth }: Judged): boolean => Object.keys(truth.changed).length > 0;

/** True where exactly the changed values are foretold, each with its new one. */
export const isEffectiveRight = ({ truth, prediction }: Judged): boolean =>
  prediction.verdict !== "error" && isSameValue(truth.changed, prediction.effective);

/** What is true, foretold and wrong with a configuration; undefined where nothing is. */
export function disagreement(
  judged: Judged,
): "false reject" | "missed error" | "false notice" | "missed notice" | "wrong value" | undefined {
  const { truth } = judged;
  if (refuses(judged) !== truth.refused) return truth.refused ? "missed error" : "false reject";
  if (truth.refused) return undefined;
  if (notices(judged) !== truth.noticed) return truth.noticed ? "missed notice" : "false notice";
  return isEffectiveRight(judged) ? undefined : "wrong value";
}
