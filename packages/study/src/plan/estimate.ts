import { quantile, sortSamples, type EngineId } from "@lem/domain";
import type { ExecutionSettings } from "@lem/config";
import type { PastRun } from "./past-runs.ts";
import type { StudyPlan } from "./plan.ts";

/** Experiments of one model on one engine, with the output tokens of all their measured windows in one cycle. */
export interface PlannedWork {
  readonly engine: EngineId;
  readonly model: string;
  readonly experiments: number;
  readonly outputTokens: number;
  /** Loads in one cycle: one of each experiment, or fewer where engines stay loaded. */
  readonly loads: number;
}

/** What a study will take, by what like runs took on this machine. Null where there were none. */
export interface Estimate {
  readonly seconds: number | null;
  /** Energy of the measured windows; loads, warm-ups and pauses come on top. */
  readonly joules: number | null;
  /** Runs that the estimate is about, and those of models that have never run here. */
  readonly runs: number;
  readonly unknownRuns: number;
  /** Earlier results that it rests on. */
  readonly basedOn: number;
}

/** Estimates what planned work takes by the newest results below a folder; these are read only when it is asked for. */
export async function estimateFrom(
  resultsDir: string,
  { work, execution }: { readonly work: readonly PlannedWork[] } & Pick<StudyPlan, "execution">,
): Promise<Estimate> {
  const { readPastRuns } = await import("./past-runs.ts");
  return estimateOf(work, await readPastRuns(resultsDir), execution);
}

/**
 * Estimates time and energy: for each model what its runs took besides the windows, what a load took, and what an output
 * token took in the windows.
 */
export function estimateOf(
  work: readonly PlannedWork[],
  past: readonly PastRun[],
  execution: Pick<ExecutionSettings, "cycles" | "gap" | "stop">,
): Estimate {
  const cycles = execution.stop?.min_cycles ?? execution.cycles;
  const known = work.map((each) => ({ ...each, like: past.filter((run) => isLike(run, each)) }));
  const covered = known.filter(({ like }) => like.length > 0);
  const count = (all: readonly PlannedWork[]): number =>
    all.reduce((sum, { experiments }) => sum + experiments, 0) * cycles;
  const [all, runs] = [count(work), count(covered)];
  const metered = covered.filter(({ like }) => like.some(({ joulesAToken }) => joulesAToken !== undefined));
  return {
    seconds: covered.length === 0 ? null : total(covered, secondsOf) * cycles + pauses(execution, cycles, runs),
    joules: metered.length === 0 || metered.length < covered.length ? null : total(metered, joulesOf) * cycles,
    runs,
    unknownRuns: all - runs,
    basedOn: covered.reduce((sum, { like }) => sum + like.length, 0),
  };
}

const isLike = (run: PastRun, { engine, model }: PlannedWork): boolean => run.engine === engine && run.model === model;

type Known = PlannedWork & { readonly like: readonly PastRun[] };

const total = (all: readonly Known[], of: (each: Known) => number): number =>
  all.reduce((sum, each) => sum + of(each), 0);

const secondsOf = ({ experiments, loads, outputTokens, like }: Known): number =>
  experiments * median(like.map(({ otherSeconds }) => otherSeconds)) +
  loads * median(like.flatMap(({ loadSeconds }) => loadSeconds ?? [])) +
  outputTokens * median(like.map(({ secondsAToken }) => secondsAToken));

const joulesOf = ({ outputTokens, like }: Known): number =>
  outputTokens * median(like.flatMap(({ joulesAToken }) => joulesAToken ?? []));

const median = (values: readonly number[]): number =>
  values.length === 0 ? 0 : (quantile(sortSamples(values), 0.5) ?? 0);

const pauses = ({ gap }: Pick<ExecutionSettings, "gap">, cycles: number, runs: number): number =>
  Math.max(runs - cycles, 0) * gap.experiment_s + (cycles - 1) * gap.cycle_s;
