import type { JsonValue } from "@lem/domain";
import * as z from "zod";

/** Numbers from `min` to `max`; integers where both bounds are. */
export interface RangeSpec {
  readonly min: number;
  readonly max: number;
  readonly num?: number | undefined;
  readonly step?: number | undefined;
  readonly scale: "linear" | "log" | "pow2";
}

/** An axis as it may be written in full; a list is its values. */
export type AxisSpec = Partial<RangeSpec> & {
  readonly values?: readonly JsonValue[] | undefined;
  /** Fields that take the value, each where its engine runs; the axis's own name without. */
  readonly fields?: readonly string[] | undefined;
  /** The axis applies where these fields have one of these values. */
  readonly when?: Readonly<Record<string, JsonValue>> | undefined;
};

/** The `sweep` section after its checks. Its values are read from the located file, as 1 is not 1.0. */
export interface ParsedSweep {
  readonly axes: Readonly<Record<string, readonly JsonValue[] | AxisSpec>>;
  readonly groups: Readonly<Record<string, readonly Readonly<Record<string, JsonValue>>[]>>;
  readonly experiments: readonly (string | Readonly<Record<string, JsonValue>>)[];
  readonly sample?: { readonly n: number; readonly seed?: number | undefined } | undefined;
}

const values = z.array(z.unknown()).min(1).max(100_000);

const axis = z.union([
  values,
  z.strictObject({
    values: values.optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    num: z.int().min(1).max(100_000).optional(),
    step: z.number().positive().optional(),
    scale: z.enum(["linear", "log", "pow2"]).default("linear"),
    fields: z.array(z.string().min(1)).min(1).optional(),
    when: z.record(z.string(), z.unknown()).optional(),
  }),
]);

const assignments = z.record(z.string(), z.unknown());
const count = z.int().min(1).max(10_000_000);

/** The `sweep` section as it may be written. */
export const sweepSchema: z.ZodType<ParsedSweep | undefined> = z
  .strictObject({
    axes: z
      .record(z.string(), axis)
      .default({})
      .describe(
        "Values by dotted field, every combination of which runs: a list, `{min, max, num}`, `{min, max, step}`, `{min, max, num, scale: log}`, or `{min, max, scale: pow2}`; with `when: {field: value}` only where that holds, with `fields: [...]` several fields at once. A field of one engine applies where that engine runs; a parameter without an engine goes to each that has it.",
      ),
    groups: z
      .record(z.string(), z.array(assignments).min(1))
      .default({})
      .describe(
        "Alternatives of several fields together: a list of maps of dotted fields, `{}` for none of them; a list as value is combined inside its alternative.",
      ),
    experiments: z
      .array(z.union([z.string().min(1), assignments]))
      .default([])
      .describe("Experiments beside the grid: maps of fields over the fixed ones, or files."),
    sample: z
      .strictObject({
        n: count.describe("Points to draw; a sample never holds one twice."),
        seed: z.int().min(0).max(4_294_967_295).optional().describe("That of `execution` unless told."),
      })
      .optional()
      .describe("A seeded random sample of the grid, instead of all of it."),
  })
  .optional()
  .describe("What varies between the experiments of a study.") as unknown as z.ZodType<ParsedSweep | undefined>;
