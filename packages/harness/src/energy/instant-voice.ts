import { mean, standardDeviation } from "@lem/domain";
import type { PowerSeries } from "./power-series.ts";
import { pointsBetween, pointsOf, type Recording } from "./recording.ts";

/** The instantaneous power field beside the power samples: heard in the verdict on them, never integrated. */
export interface InstantVoice {
  /** Mean of its readings over the mean power of the samples. */
  readonly ratio: number;
  /** Standard error of the ratio, as if the readings did not depend on one another. */
  readonly standard_error: number;
  readonly readings: number;
}

/** Fewer readings say nothing. */
const FEWEST_READINGS = 8;
/** How far the field may be off besides the error of its mean: it sees a quarter of the time. */
const TOLERANCE = 0.05;
/** Standard errors that count as chance. */
const CHANCE = 2;

/** What the field says of a window; undefined where it was not read often enough. */
export function instantVoice(
  recording: Recording,
  series: PowerSeries,
  [from, to]: readonly [number, number],
): InstantVoice | undefined {
  const { value } = pointsBetween(pointsOf(recording, "power_instant"), from, to);
  if (value.length < FEWEST_READINGS) return undefined;
  const sampled_w = (series.energyUntil(to) - series.energyUntil(from)) / ((to - from) / 1e9);
  const standard_error = standardDeviation(value) / Math.sqrt(value.length) / sampled_w;
  return { ratio: mean(value) / sampled_w, standard_error, readings: value.length };
}

/** True when the field contradicts another ratio to the power samples; 1 is that of the samples themselves. */
export const contradicts = ({ ratio, standard_error }: InstantVoice, other = 1): boolean =>
  Math.abs(ratio - other) > TOLERANCE * other + CHANCE * standard_error;

/** Which of two sources that disagree the field is nearer to, for a person who looks for the cause. */
export function sideText(voice: InstantVoice | undefined, counterRatio: number): string {
  if (voice === undefined) return "";
  const said = `the instantaneous field, ${voice.ratio.toFixed(3)} times the power samples, is`;
  const [samples, counter] = [contradicts(voice), contradicts(voice, counterRatio)];
  if (samples === counter) return `; ${said} ${samples ? "with neither" : "with both"}`;
  return `; ${said} with the ${samples ? "counter" : "power samples"}`;
}
