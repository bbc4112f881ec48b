import * as z from "zod";
import type { Batching, LengthDistribution } from "../experiment.ts";

/** The built-in prompt set that is used when the file names no prompts. */
export const DEFAULT_PROMPTS = "builtin:classics";

/** The workload section after its checks, defaults filled in. */
export interface ParsedWorkload {
  readonly prompts?: string | { readonly file: string; readonly field?: string | undefined } | undefined;
  readonly lengths?: number | LengthDistribution | undefined;
  readonly n: number;
  readonly input_tokens?: number | undefined;
  readonly output_tokens: number;
  readonly pin_output: boolean;
  readonly batching: Batching;
  readonly batch_size: number;
  readonly max_batch_tokens?: number | undefined;
  readonly concurrency: number;
  readonly seed: number;
}

const count = (max: number): z.ZodNumber => z.int().min(1).max(max);
const tokens = count(10_000_000);

const prompts = z.union([
  z.string().regex(/^builtin(?::.+)?$|\.(?:txt|jsonl)$/, "give builtin:<set>, or a file that ends in .txt or .jsonl"),
  z.strictObject({
    file: z
      .string()
      .regex(/\.(?:txt|jsonl)$/, "give a file that ends in .txt or .jsonl")
      .describe("The prompt file, relative to this file."),
    field: z
      .string()
      .min(1)
      .optional()
      .describe("Field of each JSON line that holds the prompt; detected when absent."),
  }),
]);

const lengths = z.union([
  tokens,
  z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("fixed"), value: tokens }),
    z.strictObject({ kind: z.literal("uniform"), min: tokens, max: tokens }),
    z.strictObject({
      kind: z.literal("lognormal"),
      mean: z.number().positive(),
      sigma: z.number().min(0).max(5),
      min: tokens.default(1),
      max: tokens,
    }),
  ]),
]);

/** The `workload` section as it may be written. */
export const workloadSchema: z.ZodType<ParsedWorkload> = z
  .strictObject({
    prompts: prompts
      .optional()
      .describe(
        "Where the prompts come from: `builtin:<set>` (classics, fiction or nonfiction), a .txt file (one prompt a line), a .jsonl file, or `{file, field}`. Without `prompts` and `lengths` it is `builtin:classics`.",
      ),
    lengths: lengths
      .optional()
      .describe(
        "Random token ids instead of prompts, with lengths in tokens: a number, `{kind: fixed, value}`, `{kind: uniform, min, max}`, or `{kind: lognormal, mean, sigma, min, max}` (mean of the lengths, sigma of their logarithm).",
      ),
    n: count(10_000_000).default(8).describe("Requests in a window."),
    input_tokens: tokens
      .optional()
      .describe("Inputs are cut to this many tokens. 128 by default, or the largest of `lengths`."),
    output_tokens: tokens.default(64).describe("Tokens to generate for each request."),
    pin_output: z
      .boolean()
      .default(true)
      .describe("True: every request generates exactly `output_tokens`, end of sequence ignored."),
    batching: z
      .enum(["static", "dynamic", "sorted"])
      .default("static")
      .describe(
        "How requests are grouped: `static` groups of `batch_size`, `dynamic` groups under a token budget, `sorted` groups of `batch_size` after sorting by length.",
      ),
    batch_size: count(1_000_000).default(1).describe("Requests in a group."),
    max_batch_tokens: count(1_000_000_000)
      .optional()
      .describe(
        "Token budget (input + output) of a group, for `batching: dynamic`. By default batch_size * (input_tokens + output_tokens).",
      ),
    concurrency: count(100_000).default(1).describe("Groups in flight at once."),
    seed: z.int().min(0).max(4_294_967_295).default(42).describe("Seed of synthetic prompts and of sampling."),
  })
  .prefault({})
  .describe("The work: what is asked of the engine.") as unknown as z.ZodType<ParsedWorkload>;
