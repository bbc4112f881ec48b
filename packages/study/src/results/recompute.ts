import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isAvailable, type DistributionReadings, type ExperimentResult, type Reading } from "@lem/domain";
import { recomputeEnergy, recomputeLoad, type Recording } from "@lem/harness";
import { readManifest } from "../manifest/read.ts";
import { rawResultPaths } from "./layout.ts";
import { readResult } from "./read.ts";
import { readRequestsParquet } from "./requests-parquet.ts";
import { readRawEnergy } from "./samples-parquet.ts";
import { readStepsParquet } from "./steps-parquet.ts";

/** A figure that the raw streams do not give again. */
export interface Difference {
  /** `energy.total_j` */
  readonly path: string;
  readonly stored: Reading;
  readonly recomputed: Reading | null;
}

/** A result, computed again. */
export interface Recomputed {
  readonly experiment_id: string;
  readonly folder: string;
  /** Why there is nothing to compute from, where no sensor sampled this machine; else null. */
  readonly without_raw: string | null;
  /** Why what depends on the load was not computed, where its requests are not there any more; else null. */
  readonly without_load: string | null;
  /** Figures that were compared. */
  readonly figures: number;
  readonly differences: readonly Difference[];
}

/** Sections that raw streams give again; older results lack some. */
const SECTIONS = [
  "energy",
  "baseline",
  "sensors",
  "thermal",
  "throughput",
  "latency",
  "steady",
  "engine_phases",
] as const;
type Section = (typeof SECTIONS)[number];
/** Rounding of sums over doubles, relative. */
const ROUNDING = 1e-9;

/**
 * Computes every figure of energy and load of every raw result of a study (or of one) again from its raw streams and
 * compares them with what was stored; nothing is written.
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
  const folder = dirname(file);
  const samples = join(folder, "samples.parquet");
  const total = result.energy["total_j"];
  const without_raw = total?.status === "unavailable" && !(await exists(samples)) ? total.detail : null;
  const raw = without_raw === null ? await readRawEnergy(samples) : null;
  const without_load = (await exists(join(folder, "requests.parquet"))) ? null : "requests.parquet is missing";
  const fresh = {
    ...(raw === null ? {} : recomputeEnergy(result, raw)),
    ...(without_load === null ? await loadOf(result, folder, raw?.recordings ?? []) : {}),
  };
  const sections = SECTIONS.filter((section) => fresh[section] !== undefined && result[section] !== undefined);
  const figuresIn = (from: Pick<Partial<ExperimentResult>, Section>): ReadonlyMap<string, Reading> =>
    new Map(sections.flatMap((section) => named(section, from[section] ?? {})));
  const stored = figuresIn(result);
  const differences = differencesOf(stored, figuresIn(fresh));
  const { experiment_id } = result;
  return { experiment_id, folder, without_raw, without_load, figures: stored.size, differences };
}

/** What the requests and steps give. */
async function loadOf(
  result: ExperimentResult,
  folder: string,
  recordings: readonly Recording[],
): Promise<ReturnType<typeof recomputeLoad>> {
  const timelines = await readRequestsParquet(join(folder, "requests.parquet"));
  const steps = await readStepsParquet(join(folder, "steps.parquet"));
  return recomputeLoad(result, recordings, { timelines, steps });
}

/** The figures of a section by their path, those of a distribution one by one. */
const named = (section: Section, readings: object): (readonly [string, Reading])[] =>
  Object.entries(readings as Readonly<Record<string, Reading | DistributionReadings>>).flatMap(([tag, value]) =>
    "status" in value
      ? [[`${section}.${tag}`, value as Reading] as const]
      : Object.entries(value).map(([statistic, reading]) => [`${section}.${tag}.${statistic}`, reading] as const),
  );

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** What was stored and comes out otherwise; figures that an older version did not store are passed over. */
const differencesOf = (
  stored: ReadonlyMap<string, Reading>,
  fresh: ReadonlyMap<string, Reading>,
): readonly Difference[] =>
  [...stored]
    .filter(([path, reading]) => !sameReading(reading, fresh.get(path)))
    .map(([path, reading]) => ({ path, stored: reading, recomputed: fresh.get(path) ?? null }));

function sameReading(a: Reading, b: Reading | undefined): boolean {
  if (b === undefined) return false;
  if (!isAvailable(a) || !isAvailable(b)) return a.status === b.status;
  return Math.abs(a.value - b.value) <= ROUNDING * Math.max(Math.abs(a.value), Math.abs(b.value), 1);
}
