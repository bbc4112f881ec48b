import { mean, measured, quantile, sortSamples, unavailable, type Reading } from "@lem/domain";
import type { Points, PowerSource } from "@lem/engines/host";
import type { PowerSeries } from "./power-series.ts";
import { pointsOf, type Recording } from "./recording.ts";

/** What a source's value tells of, as a function of the power and of an instant that lies a delay before its reading. */
interface Shape {
  readonly quantity: "energy_counter" | "power_instant" | "power_average";
  /** Milliseconds of power in one value; null: the energy since the value before it. */
  readonly width_ms: number | null;
}

const SHAPES: Partial<Record<PowerSource, Shape>> = {
  counter: { quantity: "energy_counter", width_ms: null },
  instant: { quantity: "power_instant", width_ms: 25 },
  average: { quantity: "power_average", width_ms: 1000 },
};

/** Milliseconds of delay that are tried, coarsely and then closely around the best. */
const TRIED = { from: -100, to: 1200, step: 20, close: 2 } as const;
/** Values that are looked at, evenly thinned from more. */
const MOST_VALUES = 1000;
const FEWEST_VALUES = 12;
/** The best delay must fit so much better than a middling one, or the load did not change enough to tell. */
const CLEARLY = 0.8;

/** And a middling one must be off by this share of the values, which rounding is not. */
const VISIBLE = 0.005;

/**
 * How late a source tells of the power, by the delay at which it fits the driver's power samples best. A field that is
 * read at any moment is on average half its own period old besides.
 */
export function sourceDelay(recording: Recording, series: PowerSeries, source: PowerSource): Reading | undefined {
  const shape = SHAPES[source];
  if (shape === undefined) return undefined;
  const values = valuesWithin(pointsOf(recording, shape.quantity), series);
  if (values.length < FEWEST_VALUES)
    return unavailable("too-few-samples", `${values.length} readings tell no delay, ${FEWEST_VALUES} would`);
  const misfit = (delay_ms: number): number => misfitOf(series, values, shape, delay_ms);
  const coarse = delays(TRIED.from, TRIED.to, TRIED.step).map((delay) => [misfit(delay), delay] as const);
  const [, near] = smallest(coarse);
  const [least, delay] = smallest(
    delays(near - TRIED.step, near + TRIED.step, TRIED.close).map((each) => [misfit(each), each] as const),
  );
  const middling = quantile(sortSamples(coarse.map(([misfit_of]) => misfit_of)), 0.5);
  const size = mean(values.map(([, value, , was]) => (shape.width_ms === null ? value - was : value)));
  if (!(least < CLEARLY * middling && middling > VISIBLE * size))
    return unavailable("too-few-samples", "the load did not change enough to tell a delay");
  const how = "best fit to the power samples over the run";
  return measured({ value: delay, unit: "ms", source: how, n: values.length });
}

type Value = readonly [t_ns: number, value: number, before_ns: number, before: number];

/** Values whose whole time lies within the power samples, each with the one before it. */
function valuesWithin({ t_ns, value }: Points, series: PowerSeries): readonly Value[] {
  const margin_ns = (TRIED.to + 1000 + TRIED.step) * 1e6;
  const found: Value[] = [];
  for (let index = 1; index < t_ns.length; index++) {
    const [at, before] = [t_ns[index] ?? 0, t_ns[index - 1] ?? 0];
    if (before < series.beginNs + margin_ns || at > series.endNs + TRIED.from * 1e6) continue;
    found.push([at, value[index] ?? 0, before, value[index - 1] ?? 0]);
  }
  const step = Math.ceil(found.length / MOST_VALUES);
  return found.filter((_, index) => index % step === 0);
}

/** Root of the mean square between the values and what the samples make of them. */
function misfitOf(series: PowerSeries, values: readonly Value[], { width_ms }: Shape, delay_ms: number): number {
  const until = (t_ns: number): number => series.energyUntil(t_ns - delay_ms * 1e6);
  const squares = values.map(([at, value, before, was]) => {
    const off =
      width_ms === null
        ? until(at) - until(before) - (value - was)
        : (until(at) - until(at - width_ms * 1e6)) / (width_ms / 1e3) - value;
    return off * off;
  });
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
}

const delays = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.round((to - from) / step) + 1 }, (_, index) => from + index * step);

const smallest = (tried: readonly (readonly [number, number])[]): readonly [number, number] =>
  tried.reduce((best, each) => (each[0] < best[0] ? each : best), [Infinity, 0] as readonly [number, number]);
