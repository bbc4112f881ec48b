import type { ExperimentResult } from "@lem/domain";
import { writeFileAtomic } from "@lem/engines/atomic-file";
import { aggregatePath } from "../results/layout.ts";
import { aggregateResults } from "./aggregate.ts";
import { readRawResults } from "./read-raw.ts";

/**
 * Computes the aggregate of an experiment from its raw results and stores it.
 * @returns the aggregate; undefined when the study has no raw result of it
 * @throws LemError `results.invalid`, `io.disk-full`, `io.permission`
 */
export async function storeAggregate(study: string, id: string): Promise<ExperimentResult | undefined> {
  const raw = await readRawResults(study, id);
  if (raw.length === 0) return undefined;
  const aggregate = aggregateResults(raw);
  await writeFileAtomic(aggregatePath(study, id), `${JSON.stringify(aggregate, null, 2)}\n`);
  return aggregate;
}
