import type { ExperimentResult, MetricGroup, Reading } from "@lem/domain";

/** A section of a result: readings, some of them by statistic. */
export type Figures = Reading | { readonly [name: string]: Figures };

/** Sections whose readings are figures of the work. */
export type FigureSection = MetricGroup | "baseline" | "sensors" | "thermal";

/** Every {@link FigureSection}. */
export const FIGURE_SECTIONS: readonly FigureSection[] = [
  "throughput",
  "latency",
  "energy",
  "flops",
  "memory",
  "utilisation",
  "cache",
  "baseline",
  "sensors",
  "thermal",
  "steady",
  "engine_phases",
];

/** The figures of a section; undefined where a result has no such section. */
export const sectionOf = (result: ExperimentResult, section: FigureSection): Figures | undefined =>
  result[section] as Figures | undefined;

const isReading = (figures: Figures): figures is Reading => typeof figures["status"] === "string";

/** Puts several trees of figures together, reading by reading; a reading that one of them lacks counts for the others. */
export function combineFigures(
  trees: readonly (Figures | undefined)[],
  combine: (readings: readonly (Reading | undefined)[], path: string) => Reading,
  path: string,
): Figures {
  const present = trees.filter((tree) => tree !== undefined);
  if (present.every(isReading)) return combine(trees as readonly (Reading | undefined)[], path);
  const names = new Set(present.flatMap((tree) => (isReading(tree) ? [] : Object.keys(tree))));
  return Object.fromEntries(
    [...names].map((name) => [
      name,
      combineFigures(
        trees.map((tree) => childOf(tree, name)),
        combine,
        `${path}.${name}`,
      ),
    ]),
  );
}

const childOf = (tree: Figures | undefined, name: string): Figures | undefined =>
  tree === undefined || isReading(tree) ? undefined : tree[name];
