import type { EngineId } from "@lem/domain";
import type { EngineAdapter } from "../adapter.ts";
import type { NvmlOpening } from "../host/nvml/bindings.ts";
import type { watchSources } from "../host/sampling/gpu-stream.ts";
import type { Env, LemPaths } from "../paths.ts";

/** The parts of a doctor's report, in the order they are shown. */
export const DOCTOR_GROUPS = ["energy", "engines", "models", "host", "corpus"] as const;
/** One part. */
export type DoctorGroup = (typeof DOCTOR_GROUPS)[number];

/** One thing that was looked at: what was found, what it means and what to do about it. */
export interface DoctorCheck {
  /** Stable name for programs: `energy.gpu0`. */
  readonly id: string;
  readonly title: string;
  /** `warn`: works, with a drawback. `missing`: what depends on it cannot be had. */
  readonly status: "ok" | "warn" | "missing";
  readonly found: string;
  /** Why the status is not ok; null when it is. */
  readonly why: string | null;
  /** What a person can do, a command where there is one; null when there is nothing to do. */
  readonly todo: string | null;
}

/** What this machine can measure and run: data only, rendering belongs to the CLI. */
export interface DoctorReport {
  readonly checked_at: string;
  readonly checks: Readonly<Record<DoctorGroup, readonly DoctorCheck[]>>;
}

/** The rules or the parameter schema found for an engine version. */
export type CorpusFinding =
  | { readonly status: "exact" | "other-version"; readonly version: string }
  | { readonly status: "missing" };

/** What the doctor looks at. */
export interface DoctorOptions {
  readonly env: Env;
  readonly paths: LemPaths;
  /** Where results will be written. */
  readonly resultsDir: string;
  readonly adapters: readonly EngineAdapter[];
  /** Looks up the parameter schema of an engine, of its newest version when none is installed. */
  readonly findCorpus: (engine: EngineId, version: string | undefined) => CorpusFinding;
  /** Looks up the rules of an engine, in the same way. */
  readonly findRules: (engine: EngineId, version: string | undefined) => CorpusFinding;
  /** Where the machine's files are; `/` unless a recorded tree is read. */
  readonly root?: string;
  /** Also asks whether the model hub answers, for at most 3 s. */
  readonly probeHub?: boolean;
  /** For tests that replay recorded answers. */
  readonly openNvml?: () => Promise<NvmlOpening>;
  /** For tests without a GPU; a thread of its own watches the sources of each otherwise. */
  readonly watchSources?: typeof watchSources;
}

/** A check that found all well. */
export const okCheck = (id: string, title: string, found: string): DoctorCheck => ({
  id,
  title,
  status: "ok",
  found,
  why: null,
  todo: null,
});

/** What is wrong and what to do about it. */
export interface Trouble {
  readonly found: string;
  readonly why: string;
  readonly todo: string | null;
}

/** A check that found a drawback. */
export const warnCheck = (id: string, title: string, trouble: Trouble): DoctorCheck => ({
  id,
  title,
  status: "warn",
  ...trouble,
});

/** A check that found nothing to use. */
export const missingCheck = (id: string, title: string, trouble: Trouble): DoctorCheck => ({
  id,
  title,
  status: "missing",
  ...trouble,
});

const GIB = 1024 ** 3;

/** Bytes for a person: "12.3 GiB". */
export const gibibytes = (size: number): string => `${(size / GIB).toFixed(1)} GiB`;
