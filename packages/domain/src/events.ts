import type { ErrorCode, Place } from "./errors.ts";
import type { EngineId } from "./ids.ts";

/** The phases of one experiment, in their order. */
export const PHASES = [
  "prepare",
  "start",
  "load",
  "configure",
  "tokenize",
  "baseline",
  "warmup",
  "measure",
  "teardown",
] as const;
/** One phase. */
export type Phase = (typeof PHASES)[number];

/** What the inner layers report while they work. Events carry facts, never sentences: rendering belongs to the CLI. */
export type LemEvent =
  | { readonly type: "study-started"; readonly directory: string; readonly experiments: number }
  | { readonly type: "study-finished"; readonly directory: string; readonly completed: number; readonly failed: number }
  | {
      /** How far a study came; said before each of its runs. */
      readonly type: "study-progress";
      readonly completed: number;
      readonly failed: number;
      readonly skipped: number;
      /** Runs that are still to come, the one that begins now included. */
      readonly left: number;
      /** Mean length of the runs that ended in this sitting; null before the first. */
      readonly run_seconds: number | null;
    }
  | {
      readonly type: "run-started";
      readonly experiment: string;
      /** Its axis values in short. */
      readonly label: string;
      readonly cycle: number;
      readonly attempt: number;
    }
  | {
      /** Nothing runs for a while: another process has the device, or a pause was asked for. */
      readonly type: "waiting";
      readonly reason: "lock" | "cooldown" | "gap" | "temperature" | "schedule";
      readonly detail: string;
      /** Longest time it takes; null where nobody knows. */
      readonly seconds: number | null;
    }
  | {
      readonly type: "experiment-started";
      readonly experiment: string;
      readonly name: string;
      readonly engine: EngineId;
      readonly model: string;
    }
  | {
      readonly type: "experiment-finished";
      readonly experiment: string;
      readonly status: "completed" | "failed" | "interrupted";
      readonly seconds?: number;
      readonly output_tokens_per_second?: number;
      readonly joules_per_output_token?: number;
      readonly failure?: { readonly code: ErrorCode; readonly message: string };
    }
  | { readonly type: "phase-started"; readonly phase: Phase }
  | { readonly type: "phase-finished"; readonly phase: Phase; readonly seconds: number }
  | {
      readonly type: "download-progress";
      readonly name: string;
      readonly received_b: number;
      readonly total_b: number | null;
    }
  | {
      readonly type: "model-fallback";
      readonly requested: string;
      readonly used: string;
      readonly code: ErrorCode;
      readonly detail: string;
    }
  | {
      readonly type: "model-ready";
      readonly name: string;
      readonly format: string;
      readonly from: string;
      readonly synthetic: boolean;
    }
  | { readonly type: "install-step"; readonly engine: EngineId; readonly step: string; readonly detail: string }
  | {
      readonly type: "tokens";
      readonly window: number | "warmup";
      readonly done: number;
      readonly total: number;
      readonly tokens_per_second: number;
    }
  | {
      readonly type: "warmup-run";
      readonly run: number;
      readonly limit: number;
      readonly seconds: number;
      readonly cv: number | null;
      readonly target_cv: number;
    }
  | {
      readonly type: "window-finished";
      readonly window: number;
      readonly of: number;
      readonly seconds: number;
      readonly output_tokens_per_second: number;
    }
  | { readonly type: "power"; readonly watts: number }
  | { readonly type: "engine-warning"; readonly message: string }
  | {
      readonly type: "problem";
      readonly code: ErrorCode;
      readonly message: string;
      readonly hint?: string;
      readonly place?: Place;
    };

/** Receives events; must not throw and must not block. */
export type Emit = (event: LemEvent) => void;
