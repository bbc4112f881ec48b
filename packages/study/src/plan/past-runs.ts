import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { EngineId, ExperimentResult } from "@lem/domain";
import { readManifest } from "../manifest/read.ts";
import { readResult } from "../results/read.ts";

/** What a finished run took. */
export interface PastRun {
  readonly engine: EngineId;
  /** As the configuration named it. */
  readonly model: string;
  /** Seconds of everything but the measured windows and the load: warm-up, baselines, teardown. */
  readonly otherSeconds: number;
  /** Seconds until its engine had loaded the model; undefined where an earlier run had done that. */
  readonly loadSeconds: number | undefined;
  readonly secondsAToken: number;
  /** Undefined where energy was not measured. */
  readonly joulesAToken: number | undefined;
}

/** Results that an estimate reads at most, and studies that it looks for them in: the newest tell enough. */
const MOST_RESULTS = 64;
const MOST_STUDIES = 32;

/** The newest completed runs below a results folder; what cannot be read is passed over. */
export async function readPastRuns(resultsDir: string): Promise<readonly PastRun[]> {
  const names = await readdir(resultsDir).catch(() => []);
  const files: string[] = [];
  for (const name of names.toSorted(newestFirst).slice(0, MOST_STUDIES)) {
    if (files.length >= MOST_RESULTS) break;
    files.push(...(await completedIn(join(resultsDir, name))));
  }
  const results = files.slice(0, MOST_RESULTS).map((file) => readResult(file).catch(() => undefined));
  return (await Promise.all(results)).flatMap((result) => (result === undefined ? [] : (pastRun(result) ?? [])));
}

/** Study folders end with the time of their start. */
const newestFirst = (a: string, b: string): number => stampOf(b).localeCompare(stampOf(a));

const stampOf = (name: string): string => /\d{8}T\d{6}Z/.exec(name)?.[0] ?? "";

async function completedIn(study: string): Promise<readonly string[]> {
  const manifest = await readManifest(study).catch(() => undefined);
  const entries = manifest?.entries ?? [];
  return entries.flatMap(({ status, result }) =>
    status === "completed" && result !== null ? [join(study, result)] : [],
  );
}

function pastRun(result: ExperimentResult): PastRun | undefined {
  const tokens = result.windows.reduce((sum, { output_tokens }) => sum + output_tokens, 0);
  const seconds = result.windows.reduce((sum, { length_s }) => sum + length_s, 0);
  if (tokens === 0 || result.model === null) return undefined;
  const whole = (Date.parse(result.finished_at) - Date.parse(result.started_at)) / 1000;
  const energy = result.energy["joules_per_output_token"];
  const load = result.engine.kept_loaded === undefined ? loadOf(result) : undefined;
  return {
    engine: result.engine.name,
    model: result.model.requested,
    otherSeconds: Math.max(whole - seconds - (load ?? 0), 0),
    loadSeconds: load,
    secondsAToken: seconds / tokens,
    joulesAToken: energy?.status === "measured" ? energy.value : undefined,
  };
}

const LOADING: readonly string[] = ["start", "load"];

const loadOf = ({ phases }: ExperimentResult): number =>
  phases.reduce((sum, { phase, seconds }) => sum + (LOADING.includes(phase) ? seconds : 0), 0);
