import type { Values } from "@lem/config/invariants";
import { refusedAt, type JudgedClaim } from "./judge.ts";
import type { Observation } from "./observe.ts";
import { originOf } from "./signs.ts";

/** How all rules of a class together did on some inputs: refusals predicted and real. */
export interface UnionScore {
  readonly inputs: number;
  readonly refused: number;
  readonly right: number;
  readonly wrong: number;
  /** Refusals that nothing predicted, by where they come from, the most frequent first. */
  readonly missed: readonly { readonly origin: string; readonly count: number; readonly example: Values }[];
}

/** Whether the rules refuse an input: an error rule holds, or the condition of any rule raises. */
export function refusalPredicted(rules: readonly JudgedClaim[], given: Values): boolean {
  return rules.some(({ claim, answer }) => {
    const { outcome, stage } = claim.candidate;
    const found = answer(given);
    return found === "raises" || (found === "true" && outcome.kind === "error" && claim.errorStages.includes(stage));
  });
}

/** Scores the rules on observations. */
export function scoreUnion(
  rules: readonly JudgedClaim[],
  observations: readonly Observation[],
  { errorStages, required }: { readonly errorStages: readonly number[]; readonly required: readonly string[] },
): UnionScore {
  const missed = new Map<string, { origin: string; count: number; example: Values }>();
  const score = { inputs: observations.length, refused: 0, right: 0, wrong: 0 };
  for (const observation of observations) {
    const isRefused = refusedAt(observation, (stage) => errorStages.includes(stage));
    const { given } = observation;
    const predicted = required.some((name) => !given.has(name)) || refusalPredicted(rules, given);
    if (isRefused) score.refused += 1;
    if (predicted && isRefused) score.right += 1;
    if (predicted && !isRefused) score.wrong += 1;
    if (isRefused && !predicted) noteMiss(missed, observation);
  }
  return { ...score, missed: [...missed.values()].toSorted((a, b) => b.count - a.count) };
}

function noteMiss(
  missed: Map<string, { origin: string; count: number; example: Values }>,
  observation: Observation,
): void {
  const exception = observation.stages.find(({ outcome }) => outcome === "raised")?.exception ?? null;
  const origin = exception === null ? "unknown" : originOf(exception);
  const known = missed.get(origin);
  if (known === undefined) missed.set(origin, { origin, count: 1, example: observation.given });
  else {
    known.count += 1;
    if (observation.given.size < known.example.size) known.example = observation.given;
  }
}
