import type { CheckedPoint, LoadedStudy, Study } from "../../src/index.ts";
import { loadStudy, type Problem, type StudyOptions } from "../../src/index.ts";
import { present, project } from "../support/project.ts";

/** Loads the text of a study. */
export const studyOf = (yaml: string, options: Partial<StudyOptions> = {}): Promise<LoadedStudy> =>
  loadStudy({ cwd: project({ "study.yaml": yaml }), file: "study.yaml", ...options });

/** What a walk told. */
export interface Told {
  readonly study: Study;
  readonly points: readonly { readonly index: number; readonly label: string; readonly point: CheckedPoint }[];
  readonly refused: readonly {
    readonly index: number;
    readonly points: number;
    readonly rule: string;
    readonly problem: Problem;
  }[];
}

/** Walks through a study that nothing refuses as a whole. */
export async function told(yaml: string, options: Partial<StudyOptions> = {}): Promise<Told> {
  const study = present((await studyOf(yaml, options)).study);
  const points: Told["points"][number][] = [];
  const refused: Told["refused"][number][] = [];
  study.walk({
    onPoint: (index, point) => points.push({ index, label: study.labelAt(index), point }),
    onRefused: (index, count, { rule, problem }) => refused.push({ index, points: count, rule, problem: problem() }),
  });
  return { study, points, refused };
}

/** The labels of the points that run. */
export const labels = async (yaml: string): Promise<readonly string[]> =>
  (await told(yaml)).points.map(({ label }) => label);
