import {
  hasErrors,
  loadStudy,
  type CheckedPoint,
  type LoadedStudy,
  type Problem,
  type Study,
  type StudyOptions,
} from "@lem/config";
import { LemError, type EngineId, type JsonObject } from "@lem/domain";
import { withinBudget } from "./budget.ts";
import type { PlannedWork } from "./estimate.ts";
import { loadsByPoint } from "./loads.ts";
import type { MergedPoint, PlannedPoint, RefusedByRule, StudyPlan } from "./plan.ts";

/** A plan with everything that is wrong with the study; it is absent where nothing would run. */
export interface LoadedPlan {
  readonly plan: StudyPlan | undefined;
  readonly problems: readonly Problem[];
  /** One warning for each rule that refuses some of the points; what refuses all is among the problems. */
  readonly refusals: readonly Problem[];
  /** What checked the native sections, by engine. */
  readonly corpora: LoadedStudy["corpora"];
  /** Counts of a study that declares points, also where all of them are refused. */
  readonly funnel: Funnel;
  /** Points of the grid; more than are declared where a sample is drawn from it. */
  readonly gridSize: number;
  /** What runs, by engine and model. */
  readonly work: readonly PlannedWork[];
  /** The values that are varied, of each run by its place in the plan. */
  readonly valuesOf: (run: number) => JsonObject;
}

/** What became of the declared points. */
export type Funnel = Pick<StudyPlan, "declared" | "refused" | "merged" | "beyondBudget">;

/** Loads a file as a study and plans it: refused points are counted by rule, points that do the same run once. */
export async function planStudy(options: StudyOptions): Promise<LoadedPlan> {
  const { study, problems, corpora } = await loadStudy(options);
  if (study === undefined) return refusedAsWhole(problems, corpora);
  const sorted = sortPoints(study);
  const kept = withinBudget(sorted.first, study.execution);
  const plan = planOf(study, sorted, kept);
  const { refusing, refusals } = refusalProblems(study, sorted);
  const found = [...problems, ...refusing];
  return {
    plan: hasErrors(found) ? undefined : plan,
    problems: found,
    refusals,
    corpora,
    funnel: plan,
    gridSize: study.size,
    work: workOf(kept, study.execution),
    valuesOf: (run) => study.valuesAt(kept[run]?.index ?? 0),
  };
}

function workOf(points: readonly Numbered[], { order, keep_loaded }: StudyPlan["execution"]): readonly PlannedWork[] {
  const loadsOf = keep_loaded ? loadsByPoint(points, order) : (): number => 1;
  const groups = new Map<string, PlannedWork>();
  for (const [place, { engine, model, outputTokens }] of points.entries()) {
    const key = `${engine} ${model}`;
    const { experiments = 0, outputTokens: before = 0, loads = 0 } = groups.get(key) ?? {};
    const work = { engine, model, experiments: experiments + 1, outputTokens: before + outputTokens };
    groups.set(key, { ...work, loads: loads + loadsOf(place) });
  }
  return [...groups.values()];
}

/** A file that is refused before any point of it is made counts as one point, refused. */
function refusedAsWhole(problems: readonly Problem[], corpora: LoadedPlan["corpora"]): LoadedPlan {
  const errors = problems.filter(({ severity }) => severity === "error");
  const rules = new Map(errors.toReversed().map((problem) => [problem.rule ?? problem.code, problem]));
  const byRule = [...rules]
    .toReversed()
    .map(([rule, { message }]) => ({ rule, points: 1, example: { label: "", message } }));
  const merged = { points: 0, mapping: () => [] };
  const funnel = { declared: 1, refused: { points: 1, byRule }, merged, beyondBudget: 0 };
  return { plan: undefined, problems, refusals: [], corpora, funnel, gridSize: 1, work: [], valuesOf: () => ({}) };
}

interface RefusedRule {
  points: number;
  readonly label: string;
  readonly problem: Problem;
}

interface SortedPoints {
  readonly refused: ReadonlyMap<string, RefusedRule>;
  /** The first point of each effective configuration, in declared order. */
  readonly first: readonly Numbered[];
  /** Declared numbers of the others, each followed by the place in `first` of the one that runs for it. */
  readonly merged: readonly number[];
}

type Numbered = { readonly index: number; readonly engine: EngineId } & Pick<
  CheckedPoint,
  "id" | "loadKey" | "workKey" | "model" | "outputTokens"
>;

/** Goes through all declared points. Only numbers are kept of those that do not run. */
function sortPoints(study: Study): SortedPoints {
  const refused = new Map<string, RefusedRule>();
  const places = new Map<string, number>();
  const first: Numbered[] = [];
  const merged: number[] = [];
  study.walk({
    onPoint: (index, { id, effectiveId, loadKey, workKey, model, outputTokens }, engine) => {
      const place = places.get(effectiveId);
      if (place !== undefined) return void merged.push(index, place);
      places.set(effectiveId, first.length);
      first.push({ index, id, loadKey, workKey, engine, model, outputTokens });
    },
    onRefused: (index, points, { rule, problem }) => {
      const known = refused.get(rule);
      if (known !== undefined) known.points += points;
      else refused.set(rule, { points, label: study.labelAt(index), problem: problem() });
    },
  });
  return { refused, first, merged };
}

function planOf(study: Study, { refused, first, merged }: SortedPoints, kept: readonly Numbered[]): StudyPlan {
  const indices = Float64Array.from(kept, ({ index }) => index);
  const runs = kept.map(({ index, id, engine, loadKey, workKey }): PlannedPoint => ({
    id,
    engine,
    loadKey,
    workKey,
    label: study.labelAt(index),
  }));
  const byRule = [...refused]
    .map(([rule, { points, label, problem }]): RefusedByRule => ({
      rule,
      points,
      example: { label, message: problem.message },
    }))
    .toSorted((a, b) => b.points - a.points);
  const places = new Map<string, number>();
  return {
    name: study.name,
    declared: study.declared,
    refused: { points: byRule.reduce((sum, { points }) => sum + points, 0), byRule },
    merged: { points: merged.length / 2, mapping: () => mapping(study, first, merged) },
    beyondBudget: first.length - kept.length,
    runs,
    execution: study.execution,
    resolve: async ({ id }) => {
      if (places.size === 0) for (const [place, run] of runs.entries()) places.set(run.id, place);
      const index = indices[places.get(id) ?? -1];
      if (index === undefined) throw new LemError("internal.bug", `${id} is no point of this plan`);
      return await study.resolveAt(index);
    },
  };
}

function* mapping(study: Study, first: readonly Numbered[], merged: readonly number[]): Generator<MergedPoint> {
  for (let at = 0; at < merged.length; at += 2) {
    const into = first[merged[at + 1] as number] as Numbered;
    yield { label: study.labelAt(merged[at] as number), into: into.id, intoLabel: study.labelAt(into.index) };
  }
}

/** What refuses all points refuses the study; what refuses some of them is a warning. */
function refusalProblems(
  study: Study,
  { refused, first }: SortedPoints,
): { readonly refusing: readonly Problem[]; readonly refusals: readonly Problem[] } {
  const severity = first.length === 0 ? "error" : "warn";
  const told = [...refused.values()].map(({ points, problem }): Problem => {
    const message =
      study.declared === 1 ? problem.message : `${points} of ${study.declared} points: ${problem.message}`;
    return { ...problem, severity, message };
  });
  return first.length === 0 ? { refusing: told, refusals: [] } : { refusing: [], refusals: told };
}
