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
  })
  .prefault({})
  .describe("Where energy readings come from.");

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
    timeouts,
  })
  .prefault({})
  .describe("How the work is measured.");
