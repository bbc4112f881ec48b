import type { ExperimentResult } from "@lem/domain";
import { listStudies, readResultsAt } from "@lem/study/results";

/** The results of one path as `lem results show` takes it, or of every study in a folder; by study. */
export async function resultsUnder(path: string): Promise<readonly (readonly ExperimentResult[])[]> {
  const studies = await listStudies(path).catch(() => []);
  if (studies.length === 0) return [await readResultsAt(path)];
  const finished = studies.filter(({ manifest }) => manifest.entries.some(({ result }) => result !== null));
  return Promise.all(finished.map(({ folder }) => readResultsAt(folder)));
}
