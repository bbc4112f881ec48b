import type { Recording } from "../energy/recording.ts";
import type { MeasuredWindow } from "../measurement.ts";
import { energyOf } from "./energy-until.ts";
import { steadyStateOf } from "./steady-state.ts";

/** Judges whether the load of each window was steady, and records it. */
export const withSteady = <T extends Pick<MeasuredWindow, "record" | "end_ns" | "timelines" | "energy">>(
  windows: readonly T[],
  recordings: readonly Recording[],
): T[] =>
  windows.map((window) => {
    const { record, end_ns, timelines, energy } = window;
    const until = energyOf(energy, recordings);
    const stretch = { from_ns: record.origin_ns, to_ns: end_ns };
    const steady = steadyStateOf(timelines, stretch, typeof until === "function" ? until : null);
    return { ...window, record: { ...record, steady } };
  });
