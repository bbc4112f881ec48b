/**
 * Whether the intervals that results state hold: of stretches of consecutive windows under one load, each stretch's
 * interval against the mean of all windows of the load that it has not seen, and every two stretches of one load against
 * one another. The estimates are those of `lem run` and `lem results compare`.
 */
import { compareMeans } from "../../packages/domain/src/statistics/comparison.ts";
import { WANDER_BETWEEN_LOADS } from "../../packages/domain/src/reading-comparison.ts";
import {
  halfWidth,
  meanOfRepeats,
  meanOfStretch,
  WANDER_WITHIN_LOAD,
} from "../../packages/domain/src/statistics/estimate.ts";
import { levelShift } from "../../packages/domain/src/statistics/plateau.ts";
import { mean, standardDeviation } from "../../packages/domain/src/statistics/summary.ts";
import { percent, target } from "./machine.mjs";

/** Windows in a stretch. */
const SIZES = [3, 5, 10];
const STEP = 1.03;
/** A load tells whether an interval holds when its other windows know the mean better than the interval does. */
const OTHERS = 2;

const groupsOf = (values, size) =>
  Array.from({ length: Math.floor(values.length / size) }, (_, group) =>
    values.slice(group * size, (group + 1) * size),
  );

function* pairsOf(groups) {
  for (const [index, first] of groups.entries()) for (const second of groups.slice(index + 1)) yield [first, second];
}

/** Intervals of one size over one load. */
function judge(values, size, estimateOf) {
  const total = values.reduce((sum, value) => sum + value, 0);
  const groups = groupsOf(values, size);
  const known = values.length >= (1 + OTHERS) * size;
  const count = { stretches: 0, covered: 0, pairs: 0, alarms: 0, steps: 0, half_widths: [] };
  for (const group of known ? groups : []) {
    const estimate = estimateOf(group);
    const others = (total - estimate.mean * size) / (values.length - size);
    count.stretches += 1;
    count.half_widths.push(halfWidth(estimate, 0.95) / estimate.mean);
    if (Math.abs(others - estimate.mean) <= halfWidth(estimate, 0.95)) count.covered += 1;
  }
  for (const [first, second] of pairsOf(groups)) {
    const base = estimateOf(first);
    count.pairs += 1;
    if (compareMeans(base, estimateOf(second)).distinguishable) count.alarms += 1;
    if (compareMeans(base, estimateOf(second.map((value) => STEP * value))).distinguishable) count.steps += 1;
  }
  return count;
}

function sumOf(counts) {
  const sum = (field) => counts.reduce((all, count) => all + count[field], 0);
  const widths = counts.flatMap(({ half_widths }) => half_widths);
  const share = (part, whole) => (sum(whole) === 0 ? null : percent(sum(part) / sum(whole), 3));
  return {
    stretches: sum("stretches"),
    coverage_percent: share("covered", "stretches"),
    mean_half_width_percent: widths.length === 0 ? null : percent(mean(widths), 3),
    a_a_pairs: sum("pairs"),
    a_a_false_alarms_percent: share("alarms", "pairs"),
    step_of_3_percent_found_percent: share("steps", "pairs"),
  };
}

/** How far the means of stretches of five windows lie from the mean of their load, beyond what the windows' spread explains. */
function wanderOf(values) {
  const centre = mean(values);
  const groups = groupsOf(values, 5).map((group) => mean(group) / centre - 1);
  return percent(Math.sqrt(mean(groups.map((off) => off * off))), 3);
}

/** Loads of one experiment on one board: how their means differ, and whether that is taken for a difference. */
function betweenLoads(loads) {
  const shapes = Map.groupBy(loads, ({ shape }) => shape);
  return [...shapes]
    .filter(([, own]) => own.length > 1)
    .map(([shape, own]) => {
      const estimates = own.map(({ values }) => {
        const { wander: _, ...estimate } = meanOfStretch(values, 0);
        return { ...estimate, wander: WANDER_BETWEEN_LOADS * estimate.mean };
      });
      const pairs = [...pairsOf(estimates)];
      const means = estimates.map((estimate) => estimate.mean);
      return {
        shape,
        loads: own.length,
        sd_of_means_percent: percent(standardDeviation(means) / mean(means), 3),
        pairs: pairs.length,
        told_apart: pairs.filter(([first, second]) => compareMeans(first, second).distinguishable).length,
      };
    });
}

/** A level that changes by more within a load makes it two, as within a window (docs/methodology.md, steady state). */
const MOST_SHIFT = 0.02;

function isOneLoad({ values }) {
  const { relative, significant } = levelShift(values);
  return !significant || Math.abs(relative) <= MOST_SHIFT;
}

/** Judges the intervals of one figure over loads: as they are stated, and as Student's t would state them. */
function judgeFigure(all, wander) {
  const loads = all.filter(isOneLoad);
  const by = (estimateOf) => SIZES.map((size) => loads.map(({ values }) => judge(values, size, estimateOf)));
  const bySize = (counts) => Object.fromEntries(SIZES.map((size, index) => [`n = ${size}`, sumOf(counts[index])]));
  const stated = by((values) => meanOfStretch(values, wander));
  return {
    loads: loads.map(({ load, window_s, values }) => ({
      load,
      window_s,
      windows: values.length,
      cv_percent: percent(standardDeviation(values) / mean(values), 3),
      ...(values.length >= 25 ? { wander_of_means_of_5_percent: wanderOf(values) } : {}),
    })),
    left_out: all.filter((load) => !isOneLoad(load)).map(({ load, values }) => ({ load, shift: levelShift(values) })),
    wander_within_load_percent: percent(wander),
    between_loads: betweenLoads(loads),
    stated: sumOf(stated.flat()),
    stated_by_size: bySize(stated),
    student_by_size: bySize(by(meanOfRepeats)),
  };
}

/**
 * Judges the intervals over loads.
 * @param loads `{load, shape, window_s, energy, throughput}`: both figures of each of the windows that followed one another
 */
export function judgeIntervals(loads) {
  const figure = (name) =>
    judgeFigure(
      loads.map((load) => ({ ...load, values: load[name] })),
      WANDER_WITHIN_LOAD[name],
    );
  return {
    held_out_windows: loads.reduce((sum, { energy }) => sum + energy.length, 0),
    wander_between_loads_percent: percent(WANDER_BETWEEN_LOADS),
    energy: figure("energy"),
    throughput: figure("throughput"),
  };
}

/** The rows of the table that the intervals answer. */
export function intervalTargets({ held_out_windows, energy, throughput }) {
  return [
    target("disjoint held-out windows", held_out_windows, ">= 200", held_out_windows >= 200),
    ...figureTargets("J/token", energy, 100),
    ...figureTargets("tokens/s", throughput, 95),
  ];
}

function figureTargets(figure, { stated, stated_by_size }, least) {
  const { coverage_percent: held, a_a_false_alarms_percent: alarms } = stated;
  const steps = stated_by_size["n = 5"].step_of_3_percent_found_percent;
  return [
    target(
      `${figure}: 95 % intervals hold the mean of the load's other windows, %`,
      held,
      "90-98",
      held >= 90 && held <= 98,
    ),
    target(`${figure}: A/A false alarms, %`, alarms, "<= 5", alarms <= 5),
    target(`${figure}: 3 % step found by 5 windows, %`, steps, least === 100 ? "100" : `>= ${least}`, steps >= least),
  ];
}
