import { float, isFloat, type PyValue, type Values } from "@lem/config/invariants";
import { inputKey, valueKey } from "../prove/background.ts";
import type { Observation, Observer } from "../prove/observe.ts";
import { around, elementsOf, WILD } from "../prove/sample-values.ts";

/** An input, and whether the engine did there what is looked at. */
export interface Sample {
  readonly given: Values;
  readonly shows: boolean;
}

/** Whether an observation shows what is looked at; undefined where something else hides it. */
export type Shows = (observation: Observation) => boolean | undefined;

/** Tries inputs; what hides the answer is left out. */
export async function sampled(inputs: readonly Values[], observer: Observer, shows: Shows): Promise<readonly Sample[]> {
  const seen = await observer.observe(inputs);
  return seen.flatMap((observation): readonly Sample[] => {
    const shown = observation === undefined || observation.flaky ? undefined : shows(observation);
    return observation === undefined || shown === undefined ? [] : [{ given: observation.given, shows: shown }];
  });
}

/** The fields of an input that it takes to show something: each is left out in turn, until none can be. */
export async function fewestFields(given: Values, observer: Observer, shows: Shows): Promise<Values> {
  for (const name of given.keys()) {
    const rest = new Map([...given].filter(([other]) => other !== name));
    const [sample] = await sampled([rest], observer, shows);
    if (sample?.shows === true) return fewestFields(rest, observer, shows);
  }
  return given;
}

/** Values for one field beside those seen: near them, near its default, and such as no one expects. */
export function valuesNear(seen: readonly PyValue[], usual: PyValue | undefined): readonly PyValue[] {
  const near = [...seen, ...(usual === undefined ? [] : [usual])].flatMap((value) => [
    ...around(value),
    ...elementsOf(value),
  ]);
  const all = [...near, ...WILD, ...NUMBERS];
  return [...new Map(all.map((value) => [valueKey(value), value])).values()];
}

const NUMBERS: readonly PyValue[] = [-100, 3, 4, 8, 16, 1000, ...[-1, 0, 0.1, 0.9, 1.1, 2, 100].map(float)];

/** The input with one field given another value, or not given at all. */
export const withField = (given: Values, field: string, value: PyValue | undefined): Values =>
  value === undefined
    ? new Map([...given].filter(([name]) => name !== field))
    : new Map([...given, [field, value] as const]);

const STEPS = 32;
const PRECISION = 1e-6;

/**
 * Closes in on the numbers at which the answer changes: between neighbours of unlike answers, whole numbers down to a
 * distance of one, then floats.
 */
export async function refineBounds(
  base: Values,
  field: string,
  { known, observer, shows }: { known: readonly Sample[]; observer: Observer; shows: Shows },
): Promise<readonly Sample[]> {
  const samples = new Map(known.map((sample) => [inputKey(sample.given), sample]));
  for (let step = 0; step < STEPS; step += 1) {
    const middles = middlesOf([...samples.values()], field).map((value) => withField(base, field, value));
    const fresh = middles.filter((given) => !samples.has(inputKey(given)));
    if (fresh.length === 0) break;
    for (const sample of await sampled(fresh, observer, shows)) samples.set(inputKey(sample.given), sample);
  }
  return [...samples.values()];
}

function middlesOf(samples: readonly Sample[], field: string): readonly PyValue[] {
  const points = samples
    .flatMap(({ given, shows }) => {
      const value = numberIn(given.get(field));
      return value === undefined ? [] : [{ value, shows }];
    })
    .toSorted((a, b) => a.value - b.value);
  return points.flatMap((point, at): readonly PyValue[] => {
    const next = points[at + 1];
    return next === undefined || next.shows === point.shows ? [] : between(point.value, next.value);
  });
}

function between(low: number, high: number): readonly PyValue[] {
  const middle = Math.floor((low + high) / 2);
  if (middle > low && middle < high) return [middle];
  return high - low > PRECISION * Math.max(1, Math.abs(high)) ? [float((low + high) / 2)] : [];
}

/** The number in an int or a finite float; bools are not numbers that one would bisect. */
export function numberIn(value: PyValue | undefined): number | undefined {
  if (typeof value === "number") return value;
  if (value === undefined || !isFloat(value) || !Number.isFinite(value.value)) return undefined;
  return value.value;
}
