import type { ExperimentResult, FigureRepeats, PhaseRecord, QualityFinding, RepeatsRecord } from "@lem/domain";
import { recheckQuality } from "@lem/harness/quality";
import { overCycles } from "./cycles.ts";
import { combineFigures, FIGURE_SECTIONS, sectionOf, type FigureSection } from "./figures.ts";
import { combineRanks, type RankResult } from "./ranks.ts";

/** What one process measured in one cycle. */
export interface RawResult extends RankResult {
  /** From 1. */
  readonly cycle: number;
  /** From 0. */
  readonly rank: number;
}

/** A cycle, all of its ranks together. */
export interface CycleResult {
  readonly cycle: number;
  readonly ranks: number;
  readonly result: ExperimentResult;
}

/**
 * One result of all raw results of an experiment: the ranks of each cycle together, then the completed cycles, each as one
 * observation. Of a single raw result it is that result. Nothing of a failed cycle counts in a figure.
 * @param raw at least one, all of the same experiment
 */
export function aggregateResults(raw: readonly RawResult[]): ExperimentResult {
  const cycles = cycleResults(raw);
  const [only] = cycles as [CycleResult, ...CycleResult[]];
  return cycles.length === 1 ? only.result : overAll(cycles);
}

/** The result of each cycle, its ranks put together. */
export function cycleResults(raw: readonly RawResult[]): readonly CycleResult[] {
  const sorted = raw.toSorted((a, b) => a.cycle - b.cycle || a.rank - b.rank);
  const byCycle = Map.groupBy(sorted, ({ cycle }) => cycle);
  return [...byCycle].map(([cycle, ranks]) => ({ cycle, ranks: ranks.length, result: combineRanks(ranks) }));
}

function overAll(cycles: readonly CycleResult[]): ExperimentResult {
  const completed = cycles.filter(({ result }) => result.status === "completed");
  const counted = completed.length === 0 ? cycles.slice(-1) : completed;
  const results = counted.map(({ result }) => result);
  const [base] = results as [ExperimentResult, ...ExperimentResult[]];
  const { sections, figures } = figuresOf(completed.length === 0 ? [] : counted);
  return recheckQuality({
    ...base,
    ...sections,
    started_at: cycles.map(({ result }) => result.started_at).toSorted()[0] ?? base.started_at,
    finished_at:
      cycles
        .map(({ result }) => result.finished_at)
        .toSorted()
        .at(-1) ?? base.finished_at,
    tokens: sumOfTokens(results),
    warmup: results.find(({ warmup }) => warmup?.status === "not-reached")?.warmup ?? base.warmup,
    phases: sumOfPhases(results),
    windows: results.flatMap(({ windows }) => windows).map((window, index) => ({ ...window, window: index + 1 })),
    gaps: unique(results.flatMap(({ gaps }) => gaps)),
    quality: { verdict: base.quality.verdict, findings: findingsOf(results) },
    repeats: { cycles: cycles.map(cycleRecord), figures },
  });
}

const cycleRecord = ({ cycle, ranks, result }: CycleResult): RepeatsRecord["cycles"][number] => ({
  cycle,
  status: result.status,
  ranks,
  started_at: result.started_at,
});

type Sections = Partial<Pick<ExperimentResult, FigureSection>>;

function figuresOf(cycles: readonly CycleResult[]): {
  readonly sections: Sections;
  readonly figures: Readonly<Record<string, FigureRepeats>>;
} {
  const figures: Record<string, FigureRepeats> = {};
  const present = FIGURE_SECTIONS.filter((section) => cycles.some(({ result }) => result[section] !== undefined));
  const sections = present.map((section) => {
    const trees = cycles.map(({ result }) => sectionOf(result, section));
    const combined = combineFigures(
      trees,
      (readings, path) => {
        const each = readings.map((reading, index) => ({ cycle: cycles[index]?.cycle ?? 0, reading }));
        const { reading, repeats } = overCycles(each, path);
        if (repeats !== undefined) figures[path] = repeats;
        return reading;
      },
      section,
    );
    return [section, combined] as const;
  });
  return { sections: Object.fromEntries(sections) as Sections, figures };
}

function sumOfTokens(results: readonly ExperimentResult[]): ExperimentResult["tokens"] {
  const counts = results.flatMap(({ tokens }) => tokens ?? []);
  if (counts.length === 0) return null;
  const sum = (of: (each: (typeof counts)[number]) => number): number =>
    counts.reduce((all, each) => all + of(each), 0);
  return { input: sum(({ input }) => input), output: sum(({ output }) => output) };
}

function sumOfPhases(results: readonly ExperimentResult[]): readonly PhaseRecord[] {
  const byPhase = Map.groupBy(
    results.flatMap(({ phases }) => phases),
    ({ phase }) => phase,
  );
  return [...byPhase].map(([phase, records]) => ({
    phase,
    seconds: records.reduce((sum, each) => sum + each.seconds, 0),
  }));
}

function unique<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

/** What the cycles found, each once; what not all of them found is said so. */
function findingsOf(results: readonly ExperimentResult[]): readonly QualityFinding[] {
  const byCode = Map.groupBy(
    results.flatMap(({ quality }) => quality.findings),
    ({ code }) => code,
  );
  return [...byCode.values()].map((findings) => {
    const [first] = findings as [QualityFinding, ...QualityFinding[]];
    const some = findings.length === results.length ? "" : ` (${findings.length} of ${results.length} cycles)`;
    return { ...first, message: `${first.message}${some}` };
  });
}
