import {
  isLemError,
  modelled,
  ratioOf,
  unavailable,
  type ExperimentResult,
  type JsonObject,
  type RequestTimeline,
  type UnavailableReading,
  type WindowRecord,
} from "@lem/domain";
import { flopsOfRequests, type FlopEstimate } from "../flops/flops.ts";
import { withReservations, type FlopSubject } from "./flop-reservations.ts";
import { windowTotals } from "./totals.ts";

/** The parts of a result that tell of FLOPs. */
export type FlopSection = Pick<ExperimentResult, "flops" | "flops_method">;

/** What FLOPs are computed from. */
export interface FlopInputs {
  readonly timelines: readonly RequestTimeline[];
  readonly records: readonly WindowRecord[];
  /** The model's shape in the words of config.json. */
  readonly config: JsonObject;
  /** The engine that ran; its count of parameters serves for shapes that are not known. */
  readonly subject: FlopSubject;
}

/** Computes the FLOP section; a shape that is not known gives a reason, never a guess. */
export function flopReadings({ timelines, records, config, subject }: FlopInputs): FlopSection {
  const { parameters } = subject.load.model;
  try {
    const estimate = flopsOfRequests(config, timelines, parameters === null ? {} : { parameters });
    return sectionOf(withReservations(estimate, subject), records);
  } catch (error) {
    if (!isLemError(error, "flops.unknown-shape")) throw error;
    return missingFlops(unavailable("unknown-architecture", error.message));
  }
}

function sectionOf(estimate: FlopEstimate, records: readonly WindowRecord[]): FlopSection {
  const { method, confidence, notes } = estimate;
  const totals = windowTotals(records);
  const count = (value: number, convention: string): ReturnType<typeof modelled> =>
    modelled({ value, unit: "FLOP", source: `${method}, ${convention}` });
  const executed = count(estimate.executed.total, "executed");
  return {
    flops_method: { method, confidence, notes },
    flops: {
      executed_flop: executed,
      causal_flop: count(estimate.causal.total, "causal"),
      flop_per_output_token: ratioOf(executed, totals.output_tokens, { unit: "FLOP/token", source: executed.source }),
      flop_per_second: ratioOf(executed, totals.length, {
        unit: "FLOP/s",
        source: `${executed.source} / CLOCK_MONOTONIC`,
      }),
    },
  };
}

/** The same reason for every FLOP metric. */
export const missingFlops = (reading: UnavailableReading): FlopSection => ({
  flops_method: null,
  flops: { executed_flop: reading, causal_flop: reading, flop_per_output_token: reading, flop_per_second: reading },
});
