import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAvailable, type ExperimentResult, type Reading } from "@lem/domain";
import { recomputeEnergy } from "@lem/harness";
import { readManifest } from "../manifest/read.ts";
import { rawResultPaths } from "./layout.ts";
import { readResult } from "./read.ts";
import { readRawEnergy } from "./samples-parquet.ts";

/** A figure that the raw streams do not give again. */
export interface Difference {
  /** `energy.total_j` */
  readonly path: string;
  readonly stored: Reading | null;
  readonly recomputed: Reading | null;
}

/** A result, computed again. */
export interface Recomputed {
  readonly experiment_id: string;
  readonly folder: string;
  /** Why there is nothing to compute from, where no sensor sampled this machine; else null. */
  readonly without_raw: string | null;
  /** Figures that were compared. */
  readonly figures: number;
  readonly differences: readonly Difference[];
}

/** What is computed again; older results lack some. */
const SECTIONS = ["energy", "baseline", "sensors", "thermal"] as const;
/** Rounding of sums over doubles, relative. */
const ROUNDING = 1e-9;

/**
 * Computes the energy, baseline, sensor and thermal figures of every raw result of a study (or of one) again from its raw
 * streams and compares them with what was stored; nothing is written.
 * @throws LemError `results.not-found`, `results.invalid`
 */
export async function recomputeResults(path: string): Promise<readonly Recomputed[]> {
  const files = await rawResultFiles(path);
  return Promise.all(files.map(recomputeOne));
}

async function rawResultFiles(path: string): Promise<readonly string[]> {
  if (path.endsWith("result.json")) return [path];
  const manifest = await readManifest(path).catch(() => undefined);
  if (manifest === undefined) return [join(path, "result.json")];
  return manifest.entries
    .filter(({ result }) => result !== null)
    .map(({ experiment_id, cycle }) => rawResultPaths(path, { id: experiment_id, cycle, rank: 0 }).result);
}

async function recomputeOne(file: string): Promise<Recomputed> {
  const result = await readResult(file);
  const { experiment_id } = result;
  const folder = dirname(file);
  const total = result.energy["total_j"];
  if (total?.status === "unavailable" && !(await exists(join(folder, "samples.parquet"))))
    return { experiment_id, folder, without_raw: total.detail, figures: 0, differences: [] };
  const raw = await readRawEnergy(join(folder, "samples.parquet"));
  const fresh = recomputeEnergy(result, raw);
  const sections = SECTIONS.filter((section) => result[section] !== undefined);
  const differences = sections.flatMap((section) => differencesOf(section, result, fresh[section]));
  const figures = sections.reduce((sum, section) => sum + Object.keys(fresh[section]).length, 0);
  return { experiment_id, folder, without_raw: null, figures, differences };
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

function differencesOf(
  section: (typeof SECTIONS)[number],
  result: ExperimentResult,
  fresh: Readonly<Record<string, Reading>>,
): readonly Difference[] {
  const stored = result[section] ?? {};
  return [...new Set([...Object.keys(stored), ...Object.keys(fresh)])]
    .filter((tag) => !sameReading(stored[tag], fresh[tag]))
    .map((tag) => ({ path: `${section}.${tag}`, stored: stored[tag] ?? null, recomputed: fresh[tag] ?? null }));
}

function sameReading(a: Reading | undefined, b: Reading | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  if (!isAvailable(a) || !isAvailable(b)) return a.status === b.status;
  return Math.abs(a.value - b.value) <= ROUNDING * Math.max(Math.abs(a.value), Math.abs(b.value), 1);
}
