import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  isAvailable,
  LemError,
  measured,
  modelled,
  ratioOf,
  summariseDistribution,
  unavailable,
  type DistributionReadings,
  type Reading,
} from "@lem/domain";
import { z } from "zod";

/** What the predecessor's processes measured of one experiment, put together. */
export interface PredecessorResult {
  readonly format: "predecessor";
  readonly experiment_id: string;
  readonly model: string;
  readonly engine: string;
  /** The processes whose files were there. */
  readonly processes: number;
  readonly tokens: { readonly input: number; readonly output: number };
  readonly throughput: { readonly total_tokens_per_second: Reading; readonly output_tokens_per_second: Reading };
  readonly latency: { readonly e2e: DistributionReadings };
  readonly energy: { readonly total_j: Reading; readonly joules_per_output_token: Reading };
}

/** The fields of a `process_N.json` that are used; it has many more, which other versions write differently. */
const processFile = z.object({
  experiment_id: z.string(),
  process_index: z.int().nonnegative(),
  backend: z.string().default("pytorch"),
  gpu_id: z.int(),
  gpu_is_mig: z.boolean().default(false),
  energy_tracking_failed: z.boolean().default(false),
  model_name: z.string(),
  timestamps: z.object({ start: z.string(), end: z.string() }),
  inference_metrics: z.object({ input_tokens: z.number(), output_tokens: z.number() }),
  energy_metrics: z.object({ total_energy_j: z.number() }),
  per_request_latencies_ms: z.array(z.number()).default([]),
});
type ProcessFile = z.infer<typeof processFile>;

const PROCESS_FILE = /^process_\d+\.json$/;

/** True for a folder with the predecessor's per-process files: `results/raw/<experiment>/process_0.json`. */
export const isPredecessorFolder = async (folder: string): Promise<boolean> =>
  (await readdir(folder).catch(() => [])).some((name) => PROCESS_FILE.test(name));

/**
 * Puts the predecessor's per-process files of one experiment together: tokens and energy are added up over the time that
 * all processes span. A GPU that two of them measured would count twice, so that then there is no energy; nor is there one
 * of a board that is divided, or where a process said that its figure is a placeholder.
 * @throws LemError `results.invalid`
 */
export async function readPredecessorResult(folder: string): Promise<PredecessorResult> {
  const names = (await readdir(folder)).filter((name) => PROCESS_FILE.test(name));
  const files = await Promise.all(names.map((name) => readProcess(join(folder, name))));
  const [first] = files;
  if (first === undefined || files.some((file) => file.experiment_id !== first.experiment_id))
    throw new LemError("results.invalid", `${folder} holds processes of different experiments`, {
      place: { file: folder },
    });
  const sum = (of: (file: ProcessFile) => number): number => files.reduce((all, file) => all + of(file), 0);
  const tokens = {
    input: sum(({ inference_metrics }) => inference_metrics.input_tokens),
    output: sum(({ inference_metrics }) => inference_metrics.output_tokens),
  };
  const seconds = spanOf(files);
  const rate = (count: number): Reading => modelled({ value: count / seconds, unit: "token/s", source: SPAN });
  const total_j = energyOf(files);
  const output = measured({ value: tokens.output, unit: "token", source: "the files' counts" });
  return {
    format: "predecessor",
    experiment_id: first.experiment_id,
    model: first.model_name,
    engine: first.backend,
    processes: files.length,
    tokens,
    throughput: {
      total_tokens_per_second: rate(tokens.input + tokens.output),
      output_tokens_per_second: rate(tokens.output),
    },
    latency: {
      e2e: summariseDistribution(
        files.flatMap((file) => file.per_request_latencies_ms),
        { unit: "ms", source: "the files' request latencies" },
        { independent: false },
      ),
    },
    energy: {
      total_j,
      joules_per_output_token: ratioOf(total_j, output, { unit: "J/token", source: sourceOf(total_j) }),
    },
  };
}

const SPAN = "tokens of all processes over the time from the first start to the last end, loading included";

const sourceOf = (reading: Reading): string => (isAvailable(reading) ? reading.source : "energy");

function energyOf(files: readonly ProcessFile[]): Reading {
  const failed = files.filter((file) => file.energy_tracking_failed).map(({ process_index }) => process_index);
  if (failed.length > 0) return unavailable("read-failed", `process ${failed.join(", ")} could not measure energy`);
  if (files.some((file) => file.gpu_is_mig))
    return unavailable("not-applicable", "a divided board's energy belongs to all that share it");
  if (new Set(files.map(({ gpu_id }) => gpu_id)).size < files.length)
    return unavailable("not-applicable", "several processes measured the same GPU: their sum would count it twice");
  const value = files.reduce((all, file) => all + file.energy_metrics.total_energy_j, 0);
  return modelled({ value, unit: "J", source: `sum of ${files.length} processes, as the predecessor measured them` });
}

/** Seconds from the first start to the last end; times without an offset are all of the same zone. */
function spanOf(files: readonly ProcessFile[]): number {
  const at = (text: string): number => Date.parse(/(Z|[+-]\d{2}:\d{2})$/.test(text) ? text : `${text}Z`);
  const from = Math.min(...files.map(({ timestamps }) => at(timestamps.start)));
  return (Math.max(...files.map(({ timestamps }) => at(timestamps.end))) - from) / 1000;
}

async function readProcess(file: string): Promise<ProcessFile> {
  const text = await readFile(file, "utf8");
  try {
    return processFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new LemError("results.invalid", `${file} is no per-process result of the predecessor`, {
      place: { file },
      cause,
    });
  }
}
