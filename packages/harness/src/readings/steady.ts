import {
  isAvailable,
  measured,
  stretchInterval,
  unavailable,
  WANDER_WITHIN_LOAD,
  type MetricTag,
  type Reading,
  type SteadyRecord,
  type SystematicError,
  type UnavailableReading,
} from "@lem/domain";
import type { Recording } from "../energy/recording.ts";
import { Arrivals } from "../load/arrivals.ts";
import { energyOf } from "../load/energy-until.ts";
import { meanInFlight, type Stretch } from "../load/load-series.ts";
import { cutAtTicks, type TickCut } from "../load/tick-cut.ts";
import { tickPieces } from "../load/tick-pieces.ts";
import type { MeasuredWindow } from "../measurement.ts";

type SteadyTag = Extract<MetricTag, `steady_${string}`>;
type SteadyReadings = Readonly<Record<SteadyTag, Reading>>;

/** A window as far as its steady state depends on it. */
export type SteadyEvidence = Pick<MeasuredWindow, "record" | "energy" | "timelines">;

/** The steady part of one window with what arrived in it, and its cut of each domain. */
interface SteadyPart extends Stretch {
  readonly arrivals: Arrivals;
  /** How often each place was taken by a new request: prompts that were finished over requests in flight. */
  readonly turnovers: number;
  readonly cuts: ReadonlyMap<string, TickCut> | UnavailableReading;
}

/** Figures of the steady parts of all windows that have one. */
export function steadyReadings(windows: readonly SteadyEvidence[], recordings: readonly Recording[]): SteadyReadings {
  const parts = windows.flatMap((window) => partOf(window, recordings) ?? []);
  if (parts.length === 0) return missingSteady(whyNone(windows.map(({ record }) => record.steady)));
  const [only] = parts;
  const pieces = parts.length === 1 && only !== undefined ? tickPieces(recordings, only, only.arrivals) : undefined;
  const power = (some: readonly SteadyPart[]): Reading => sumOfDomains(some, recordings, powerOf);
  const perToken = (some: readonly SteadyPart[]): Reading =>
    fewTurnovers(some) ?? sumOfDomains(some, recordings, perTokenOf);
  const { energy, throughput } = WANDER_WITHIN_LOAD;
  return {
    steady_length: length(parts),
    steady_output_tokens_per_second: known(parts, outputRate, {
      pieces: pieces?.tokens_per_second,
      wander: throughput,
    }),
    steady_power: known(parts, power, { pieces: pieces?.power_w, wander: energy }),
    steady_joules_per_output_token: known(parts, perToken, { pieces: pieces?.joules_per_token, wander: energy }),
    steady_counter_ratio: counterRatio(parts),
  };
}

interface Repeats {
  /** The figure of each piece of a single part; what follows one another in a load is no repeat of its own. */
  readonly pieces: readonly number[] | undefined;
  readonly wander: number;
}

/** A figure of all parts, with how far they differ: between windows, or within the only one. */
function known(
  parts: readonly SteadyPart[],
  of: (some: readonly SteadyPart[]) => Reading,
  { pieces, wander }: Repeats,
): Reading {
  const whole = of(parts);
  if (!isAvailable(whole)) return whole;
  const single = pieces ?? parts.map((part) => of([part])).flatMap((each) => (isAvailable(each) ? [each.value] : []));
  const interval = stretchInterval(single, wander);
  return { ...whole, n: Math.max(1, single.length), ...(interval === undefined ? {} : { interval }) };
}

/** The same reason for every figure of the steady state. */
export const missingSteady = (reading: UnavailableReading): SteadyReadings => ({
  steady_length: reading,
  steady_output_tokens_per_second: reading,
  steady_power: reading,
  steady_joules_per_output_token: reading,
  steady_counter_ratio: reading,
});

function whyNone(records: readonly (SteadyRecord | undefined)[]): UnavailableReading {
  const [first] = records.flatMap((record) => (record?.status === "not-reached" ? [record] : []));
  const why = first === undefined ? "it was not judged" : `${first.detail} (${first.reason})`;
  return unavailable("not-applicable", `no window has a steady state: ${why}`);
}

function partOf(
  { record, energy, timelines }: SteadyEvidence,
  recordings: readonly Recording[],
): SteadyPart | undefined {
  if (record.steady?.status !== "reached") return undefined;
  const at = (seconds: number): number => record.origin_ns + seconds * 1e9;
  const stretch = { from_ns: at(record.steady.start_s), to_ns: at(record.steady.end_s) };
  const arrivals = new Arrivals(timelines);
  const turnovers = arrivals.promptsBetween(stretch.from_ns, stretch.to_ns) / meanInFlight(timelines, stretch);
  return { ...stretch, arrivals, turnovers, cuts: cutsOf(energy, recordings, stretch) };
}

function cutsOf(
  energy: SteadyEvidence["energy"],
  recordings: readonly Recording[],
  stretch: Stretch,
): SteadyPart["cuts"] {
  const whole = energyOf(energy, recordings);
  if (typeof whole !== "function") return whole;
  const cuts = new Map<string, TickCut>();
  for (const recording of recordings) {
    const cut = cutAtTicks(recording, stretch);
    if ("detail" in cut) return unavailable(cut.reason, cut.detail);
    cuts.set(recording.sensor.domain, cut);
  }
  return cuts;
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const seconds = ({ from_ns, to_ns }: Stretch): number => (to_ns - from_ns) / 1e9;

const length = (parts: readonly SteadyPart[]): Reading =>
  measured({ value: sum(parts.map(seconds)), unit: "s", source: "CLOCK_MONOTONIC", n: parts.length });

function outputRate(parts: readonly SteadyPart[]): Reading {
  const tokens = sum(parts.map(({ arrivals, from_ns, to_ns }) => arrivals.tokensBetween(from_ns, to_ns)));
  const value = tokens / sum(parts.map(seconds));
  return measured({ value, unit: "token/s", source: "tokens that arrived, CLOCK_MONOTONIC", n: parts.length });
}

/** One domain's cuts, each with what arrived in its window. */
type DomainCuts = readonly (readonly [TickCut, Arrivals])[];

/** A figure that is made for each domain between its own ticks and then added up. */
interface DomainFigure {
  readonly unit: "W" | "J/token";
  readonly of: (cuts: DomainCuts) => number | UnavailableReading;
}

const powerOf: DomainFigure = {
  unit: "W",
  of: (cuts) => sum(cuts.map(([cut]) => cut.energy_j)) / sum(cuts.map(([cut]) => seconds(cut))),
};

const perTokenOf: DomainFigure = {
  unit: "J/token",
  of: (cuts) =>
    sum(cuts.map(([cut]) => cut.energy_j)) /
    sum(cuts.map(([cut, arrivals]) => arrivals.tokensBetween(cut.from_ns, cut.to_ns))),
};

/** Requests that each place must have seen: where they come in step, a part of a round has another share of prompts. */
const FEWEST_TURNOVERS = 3;

/** Why the energy of a steady state is not that of its tokens, if so. */
function fewTurnovers(parts: readonly SteadyPart[]): UnavailableReading | undefined {
  const fewest = Math.min(...parts.map(({ turnovers }) => turnovers));
  if (fewest >= FEWEST_TURNOVERS) return undefined;
  if (fewest === 0)
    return unavailable("not-applicable", "no prompt was computed in the steady state: its energy is of decoding alone");
  const detail = `each place took ${fewest.toFixed(1)} requests in the steady state; it takes ${FEWEST_TURNOVERS}`;
  return unavailable("too-few-samples", detail);
}

function sumOfDomains(
  parts: readonly SteadyPart[],
  recordings: readonly Recording[],
  { unit, of }: DomainFigure,
): Reading {
  const cut = cutParts(parts);
  if ("status" in cut) return cut;
  let value = 0;
  for (const { sensor } of recordings) {
    const own = of(cut.map(({ cuts, arrivals }) => [cuts.get(sensor.domain) as TickCut, arrivals]));
    if (typeof own !== "number") return own;
    value += own;
  }
  const counted = recordings.some(({ streams }) => streams.has("energy_counter"));
  const source = counted ? "energy counter between two of its ticks" : "energy counters of the processor";
  return measured({ value, unit, source, systematic: gainOf(recordings), n: cut.length });
}

/** The parts that are cut in every domain, or why none is. */
function cutParts(
  parts: readonly SteadyPart[],
): readonly { readonly cuts: ReadonlyMap<string, TickCut>; readonly arrivals: Arrivals }[] | UnavailableReading {
  const cut = parts.flatMap(({ cuts, arrivals }) => ("status" in cuts ? [] : [{ cuts, arrivals }]));
  const [missing] = parts.flatMap(({ cuts }) => ("status" in cuts ? [cuts] : []));
  return cut.length === 0 && missing !== undefined ? missing : cut;
}

const gainOf = (recordings: readonly Recording[]): SystematicError => ({
  relative: Math.max(...recordings.map(({ sensor }) => sensor.relative_gain_error)),
  source: recordings.length === 1 ? "gain of the sensor" : "the largest gain error of its domains",
});

/** The counter against the power samples over all cuts. */
function counterRatio(parts: readonly SteadyPart[]): Reading {
  const cut = cutParts(parts);
  if ("status" in cut) return cut;
  const checked = cut.flatMap(({ cuts }) =>
    [...cuts.values()].flatMap(({ energy_j, sampled_j }) =>
      sampled_j === null ? [] : [{ counted_j: energy_j, sampled_j }],
    ),
  );
  if (checked.length === 0) return unavailable("no-sensor", "no domain has an energy counter beside its power samples");
  const value = sum(checked.map(({ counted_j }) => counted_j)) / sum(checked.map(({ sampled_j }) => sampled_j));
  return measured({ value, unit: "ratio", source: "NVML energy counter / power samples", n: checked.length });
}
