import type { ExecutionSettings, Resolution } from "@lem/config";
import type { EngineId } from "@lem/domain";

/** One experiment that a study will run; small, as a study may have very many. */
export interface PlannedPoint {
  /** Content hash of the resolved configuration. */
  readonly id: string;
  readonly engine: EngineId;
  /** Its axis values in short: `batch_size=4 num_beams=2`; empty where nothing is swept. */
  readonly label: string;
  /** Points of equal keys could be served by the same load of an engine. */
  readonly loadKey: string;
  /** Amount of work: an engine may load a model for so much and no more. */
  readonly workKey: string;
}

/** Declared points that will not run, counted under the first rule that refuses each. */
export interface RefusedByRule {
  /** Id of the rule, or the code of a problem without one. */
  readonly rule: string;
  readonly points: number;
  /** What is wrong with one of them. */
  readonly example: { readonly label: string; readonly message: string };
}

/** A declared point that does the same as one that runs. */
export interface MergedPoint {
  readonly label: string;
  /** Id of the point that runs in its place. */
  readonly into: string;
  readonly intoLabel: string;
}

/** What a study will run, and what became of everything that it declares. */
export interface StudyPlan {
  readonly name: string;
  /** Points that the file declares: refused, merged and beyond the budget ones too. */
  readonly declared: number;
  readonly refused: { readonly points: number; readonly byRule: readonly RefusedByRule[] };
  readonly merged: {
    readonly points: number;
    /** Every merged point with the one that runs in its place; made while it is read. */
    readonly mapping: () => Iterable<MergedPoint>;
  };
  /** Points that the budget leaves out. */
  readonly beyondBudget: number;
  readonly runs: readonly PlannedPoint[];
  readonly execution: ExecutionSettings;
  /** The full configuration of a point; made when it is needed. */
  readonly resolve: (point: PlannedPoint) => Promise<Resolution>;
}

/** One run of a study: the order's output. */
export interface RunSlot {
  /** Its place in the order, from 0. */
  readonly index: number;
  /** Index into {@link StudyPlan.runs}. */
  readonly point: number;
  /** From 1. */
  readonly cycle: number;
}
