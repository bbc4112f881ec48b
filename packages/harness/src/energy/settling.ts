import { mean } from "@lem/domain";
import { pointsBetween, pointsOf, type Recording } from "./recording.ts";

/** How the thermal gate opened. */
export interface Settling {
  readonly status: "reached" | "not-reached" | "skipped";
  readonly seconds: number;
}

/** Seconds over which flatness is judged: the second half against the first. */
export const SETTLE_SPAN_S = 10;
/** Flat: temperature moves by less than this between the halves, in °C. */
const FLAT_C = 1;
/** Flat: mean power moves by less than this share between the halves. */
const FLAT_POWER = 0.01;

/** What the last {@link SETTLE_SPAN_S} seconds say of every GPU. */
export function judgeSettling(
  recordings: readonly Recording[],
  now_ns: number,
  elapsed_s: number,
): "flat" | "moving" | "no-temperature" {
  const gpus = recordings.filter((recording) => recording.streams.has("temperature"));
  if (gpus.length === 0) return "no-temperature";
  if (elapsed_s < SETTLE_SPAN_S) return "moving";
  return gpus.every((gpu) => isFlat(gpu, now_ns)) ? "flat" : "moving";
}

function isFlat(recording: Recording, now_ns: number): boolean {
  const halves = (quantity: "temperature" | "power"): readonly [number, number] => {
    const points = pointsOf(recording, quantity);
    const half = (SETTLE_SPAN_S / 2) * 1e9;
    const between = (from: number, to: number): number => mean(pointsBetween(points, from, to).value);
    return [between(now_ns - 2 * half, now_ns - half), between(now_ns - half, now_ns)];
  };
  const [cool, warm] = halves("temperature");
  const [before, after] = halves("power");
  return Math.abs(warm - cool) <= FLAT_C && Math.abs(after / before - 1) <= FLAT_POWER;
}
