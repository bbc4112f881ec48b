import * as z from "zod";
import type { ExecutionSettings, RunOrder } from "../execution.ts";

const ORDERS = [
  "sequential",
  "interleaved",
  "shuffled",
  "grouped",
  "latin-square",
] as const satisfies readonly RunOrder[];

/** The `execution` section after its checks, defaults filled in. */
export type ParsedExecution = Omit<ExecutionSettings, "gap" | "timeout_s"> & {
  readonly gap: number | ExecutionSettings["gap"];
  readonly timeout: number | null;
};

const LONGEST_S = 604_800;
const seconds = z.number().min(0).max(LONGEST_S);

const gap = z
  .union([
    seconds,
    z.strictObject({
      experiment_s: seconds.default(0),
      cycle_s: seconds.default(0),
      until_c: z.number().min(0).max(150).nullable().default(null),
      limit_s: seconds.default(300),
    }),
  ])
  .default(0)
  .describe(
    "Pause between runs: seconds, or `{experiment_s, cycle_s, until_c, limit_s}` to wait until the GPUs are at most `until_c` °C, for `limit_s` at most.",
  );

const retries = z
  .strictObject({
    times: z.int().min(0).max(100).default(0).describe("How often a failed run is tried again."),
    codes: z
      .array(z.string().min(1))
      .default([])
      .describe("Error codes that are tried again; without any, those that may pass by themselves."),
  })
  .prefault({})
  .describe("Whether failed runs are tried again.");

const breaker = z
  .strictObject({
    failures: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(5)
      .describe("Failures in a row, of one engine or of one error code, after which it is not tried again; 0: never."),
    cooldown_s: seconds.default(60).describe("Seconds after which one run is tried again."),
  })
  .prefault({})
  .describe("When an engine that keeps failing is given up.");

const stop = z
  .strictObject({
    metric: z.string().min(1).default("joules_per_output_token"),
    within: z.number().positive().max(1).default(0.01),
    min_cycles: z.int().min(2).max(10_000).default(3),
    max_cycles: z.int().min(2).max(10_000).default(20),
  })
  .nullable()
  .default(null)
  .describe(
    "Cycles until it is known well enough, in place of `cycles`: `{metric, within, min_cycles, max_cycles}`, where `within` bounds the half width of the 95 % interval relative to the mean.",
  );

const budget = z
  .strictObject({
    runs: z
      .int()
      .min(1)
      .nullable()
      .default(null)
      .describe("Runs at most, cycles counted; beyond it a seeded sample of the experiments runs."),
    hours: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe("Hours of work, resumed sittings included, after which no further run starts."),
  })
  .prefault({})
  .describe("What the study may cost.");

/** The `execution` section as it may be written. */
export const executionSchema: z.ZodType<ParsedExecution> = z
  .strictObject({
    cycles: z.int().min(1).max(10_000).default(1).describe("How often each experiment runs."),
    order: z
      .enum(ORDERS)
      .default("interleaved")
      .describe(
        "The order in a cycle: `sequential` and `interleaved` as declared (all cycles of one experiment after another, or cycle by cycle), `shuffled` (seeded), `grouped` by engine load, `latin-square` balanced over cycles.",
      ),
    seed: z.int().min(0).max(4_294_967_295).default(42).describe("Seed of orders and samples."),
    gap,
    force_cold_start: z
      .boolean()
      .default(false)
      .describe("True: every run starts cold: a new engine, GPUs cooled down, nothing warmed up."),
    keep_loaded: z
      .boolean()
      .default(false)
      .describe(
        "True: the model stays loaded from run to run of a cycle, as long as only parameters of requests differ; `order: grouped` puts such runs side by side.",
      ),
    timeout: z
      .number()
      .positive()
      .max(LONGEST_S)
      .nullable()
      .default(null)
      .describe("Seconds that one run may take, loading included."),
    retries,
    breaker,
    min_free_mib: z
      .int()
      .min(0)
      .default(256)
      .describe("Free disk space (MiB) in the results folder that a run needs to start."),
    stop,
    budget,
  })
  .prefault({})
  .describe("How the runs of a study are executed.") as unknown as z.ZodType<ParsedExecution>;

/** Fills in the short forms. */
export function executionSettings({ gap: pause, timeout, ...rest }: ParsedExecution): ExecutionSettings {
  const byTime = { until_c: null, limit_s: 300 };
  const gaps = typeof pause === "number" ? { experiment_s: pause, cycle_s: pause, ...byTime } : pause;
  return { ...rest, gap: gaps, timeout_s: timeout };
}
