import * as z from "zod";
import type { ResolvedMeasurement } from "../experiment.ts";

const warmup = z
  .strictObject({
    enabled: z.boolean().default(true).describe("False: the first measured window is cold."),
    max_runs: z
      .int()
      .min(1)
      .max(10_000)
      .default(20)
      .describe("Runs after which warm-up ends although it has not converged; the result says so."),
    min_runs: z.int().min(1).max(10_000).default(3).describe("Runs that are always made."),
    window: z
      .int()
      .min(2)
      .max(10_000)
      .default(3)
      .describe("Last runs over which the coefficient of variation is taken."),
    target_cv: z
      .number()
      .positive()
      .max(1)
      .default(0.05)
      .describe("Warm-up has converged when the coefficient of variation is at most this."),
  })
  .prefault({})
  .describe("Runs before the first measured window.");

const energy = z
  .strictObject({
    sampler: z
      .enum(["auto", "replay", "none"])
      .default("auto")
      .describe("`auto` takes what this machine has, `replay` reads a recorded trace."),
    trace: z.string().min(1).nullable().default(null).describe("The recorded trace for `sampler: replay`."),
    interval_ms: z
      .int()
      .min(20)
      .max(60_000)
      .default(500)
      .describe(
        "Milliseconds between readings of temperatures, clocks and utilisation; power comes each 20 ms anyway.",
      ),
    gain_error: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe("Bound on the gain error of these GPUs after a calibration; the sensor's own bound when null."),
  })
  .prefault({})
  .describe("Where energy readings come from.");

const baseline = z
  .strictObject({
    seconds: z
      .number()
      .min(0)
      .max(3600)
      .default(5)
      .describe("Seconds of idleness that are measured before and after, bare and with the model loaded; 0: none."),
    strategy: z
      .enum(["fresh", "validated", "cached"])
      .default("fresh")
      .describe(
        "`fresh` measures the bare machine in every run. `cached` takes an earlier run's figure where the state of the machine is the same, `validated` checks it for a second first.",
      ),
    max_age_s: z
      .number()
      .positive()
      .max(604_800)
      .default(3600)
      .describe("Seconds after which an earlier run's figure is not taken any more."),
  })
  .prefault({})
  .describe("What the machine draws without work; measured where energy is.");

const thermal = z
  .strictObject({
    gate: z
      .boolean()
      .default(true)
      .describe("True: after the warm-up, work goes on until temperature and power are flat. False: a cold start."),
    limit_s: z
      .number()
      .min(0)
      .max(3600)
      .default(60)
      .describe("Seconds after which the gate opens although they are not."),
  })
  .prefault({})
  .describe("When a GPU is warm enough to be measured.");

const timeouts = z
  .strictObject({
    load_s: z.number().positive().max(604_800).default(1800).describe("Seconds that loading the model may take."),
    silence_s: z
      .number()
      .positive()
      .max(604_800)
      .default(300)
      .describe("Seconds the engine may send nothing before it is taken for hung."),
  })
  .prefault({})
  .describe("When the engine is given up.");

/** The `measurement` section as it may be written; it resolves to itself with its defaults. */
export const measurementSchema: z.ZodType<ResolvedMeasurement> = z
  .strictObject({
    windows: z.int().min(1).max(10_000).default(3).describe("Measured windows; each runs the whole workload once."),
    warmup,
    energy,
    baseline,
    thermal,
    timeouts,
  })
  .prefault({})
  .describe("How the work is measured.");
