import {
  FEWEST_SAMPLES,
  levelShift,
  LOAD_SERIES,
  mean,
  plateauOf,
  type LoadSeries,
  type Plateau,
  type RequestTimeline,
  type SteadyRecord,
} from "@lem/domain";
import { loadCourse, type EnergyUntil, type LoadCourse, type Stretch } from "./load-series.ts";

/** A level that moves by more than this between two parts of a steady state is none. */
const MOST_SHIFT = 0.02;
/** Slow waves look like noise to any test; quarters that differ by more than this are no steady state all the same. */
const MOST_SWING = 0.1;

/**
 * The steady state of a window: the part in which output tokens a second, requests in flight and power have all left their
 * way up and not begun their way down (MSER-5 from both ends), and in which none of them changes its level (CUSUM).
 */
export function steadyStateOf(
  timelines: readonly RequestTimeline[],
  stretch: Stretch,
  energyUntil: EnergyUntil | null,
): SteadyRecord {
  if (timelines.some(({ timing }) => timing === "none"))
    return notReached("no-token-times", "the engine does not say when its tokens arrived");
  const course = loadCourse(timelines, stretch, energyUntil);
  const count = course.series.tokens?.length ?? 0;
  if (count < FEWEST_SAMPLES) {
    const needed = FEWEST_SAMPLES * course.interval_s;
    const text = Number.isFinite(needed) ? `it takes ${needed.toPrecision(2)} s to tell` : "there was no output";
    return notReached("too-short", text);
  }
  const found = commonPlateau(course, count);
  return "status" in found ? found : judged(course, found);
}

const notReached = (
  reason: Extract<SteadyRecord, { status: "not-reached" }>["reason"],
  detail: string,
  series?: LoadSeries,
): SteadyRecord => ({ status: "not-reached", reason, detail, ...(series === undefined ? {} : { series }) });

function commonPlateau({ series, interval_s }: LoadCourse, count: number): Plateau | SteadyRecord {
  let common: Plateau = { from: 0, to: count };
  for (const name of LOAD_SERIES) {
    const values = series[name];
    if (values === undefined) continue;
    const plateau = plateauOf(values);
    if (plateau === undefined) return notReached("no-plateau", `${TITLES[name]} never settled`, name);
    common = { from: Math.max(common.from, plateau.from), to: Math.min(common.to, plateau.to) };
  }
  if (common.to - common.from >= Math.max(count / 2, FEWEST_SAMPLES)) return common;
  const left = Math.max(0, common.to - common.from) * interval_s;
  return notReached("no-plateau", `only ${left.toPrecision(2)} s lie between the way up and the way down`);
}

function judged({ series, interval_s }: LoadCourse, { from, to }: Plateau): SteadyRecord {
  for (const name of LOAD_SERIES) {
    const values = series[name]?.slice(from, to);
    if (values === undefined) continue;
    const swing = swingOfQuarters(values);
    if (swing > MOST_SWING) {
      const percent = (100 * swing).toFixed(0);
      return notReached("level-shift", `${TITLES[name]} differs by ${percent} % between its quarters`, name);
    }
    const shift = levelShift(values);
    if (!shift.significant || Math.abs(shift.relative) <= MOST_SHIFT) continue;
    const percent = (100 * shift.relative).toFixed(1);
    const at = ((from + shift.at) * interval_s).toPrecision(3);
    return notReached("level-shift", `${TITLES[name]} changed by ${percent} % after ${at} s`, name);
  }
  const judgedBy = LOAD_SERIES.filter((name) => series[name] !== undefined);
  return { status: "reached", start_s: from * interval_s, end_s: to * interval_s, series: judgedBy };
}

/** How far the means of the four quarters lie apart, relative to the mean of all. */
function swingOfQuarters(values: Float64Array): number {
  const quarter = values.length / 4;
  const means = [0, 1, 2, 3].map((number) =>
    mean(values.subarray(Math.round(number * quarter), Math.round((number + 1) * quarter))),
  );
  return (Math.max(...means) - Math.min(...means)) / mean(values);
}

const TITLES = {
  tokens: "the output rate",
  requests: "the number of requests in flight",
  power: "the power",
} as const satisfies Readonly<Record<LoadSeries, string>>;
