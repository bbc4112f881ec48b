import type { PyValue } from "@lem/config/invariants";
import type { EntryModel } from "./candidates/candidate.ts";
import { entryClasses } from "./graph/entry-points.ts";
import { liftEntry } from "./lift/lift-entry.ts";
import type { DescribeAnswer } from "./probe/description.ts";
import { probeGround } from "./probe/ground.ts";
import type { EngineProbe } from "./probe/open-probe.ts";
import type { Survey } from "./take-ledger.ts";
import { walkEntry } from "./walk/walk-entry.ts";

/** Candidates of classes, from their source and from their types, with the facts that they read. */
export interface EntryModels {
  readonly models: readonly EntryModel[];
  readonly facts: Readonly<Record<string, PyValue>>;
}

/** Walks and lifts every class of a target whose name ends so. */
export async function entryModels(survey: Survey, probe: EngineProbe, ending: string): Promise<EntryModels> {
  const { target, index, order } = survey;
  const entries = entryClasses(target, index, order).filter(({ name }) => name.endsWith(ending));
  const described = await probe.describe(entries.map(({ name }) => name));
  const resolver = probeGround(probe);
  const models: EntryModel[] = [];
  for (const [place, entry] of entries.entries()) {
    const walked = await walkEntry(survey, entry, resolver);
    if (walked !== undefined) models.push(withLifts(walked, described[place]));
  }
  return { models, facts: Object.assign({}, ...models.map(({ facts }) => facts)) as EntryModels["facts"] };
}

/** What the live class says of its parameters completes what its source says. */
function withLifts(walked: EntryModel, description: DescribeAnswer | undefined): EntryModel {
  if (description?.kind !== "described") return walked;
  const { parameters, unknownKeys, candidates, values } = liftEntry(description);
  const known = new Set(walked.parameters.map(({ name }) => name));
  return {
    ...walked,
    parameters: [...walked.parameters, ...parameters.filter(({ name }) => !known.has(name))],
    unknownKeys,
    candidates: [...candidates, ...walked.candidates],
    effective: { ...values, ...walked.effective },
  };
}
