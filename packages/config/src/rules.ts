import type { EngineId } from "@lem/domain";
import { missingInPreset } from "./layers/presets.ts";
import type { Finding } from "./problem.ts";
import type { ParsedExperiment } from "./schema/experiment.ts";
import type { Path } from "./yaml/located.ts";

/** What rules look at: the checked file, and the fields that a derived default fills in. */
export interface RuleInput {
  readonly parsed: ParsedExperiment;
  readonly engine: EngineId;
  readonly input_tokens: number;
}

/** A check over several fields. It answers what is wrong, or nothing. */
export interface Rule {
  /** Stable name, shown with the problem. */
  readonly id: string;
  readonly check: (input: RuleInput) => Omit<Finding, "rule" | "at"> | undefined;
}

/** Engines that take one group of requests at a time. */
const NOT_CONCURRENT: readonly EngineId[] = ["transformers"];

const conflict = (path: Path, message: string, hint: string): Omit<Finding, "rule" | "at"> => ({
  code: "config.conflict",
  path,
  message,
  hint,
});

/** Keys of transformers' generation section that set an output length, and those that end an output early. */
const LENGTH_KEYS = ["max_new_tokens", "min_new_tokens", "min_length"];
const EARLY_ENDS = ["stop_strings", "max_time"];
const LENGTH_HINT = "write workload.output_tokens instead, or let outputs end early with workload.pin_output: false";
const EARLY_END_HINT = "write workload.pin_output: false";

/** Where the first of some generation keys is set, checked or passed on unchecked. */
function generationPath(section: ParsedExperiment["transformers"], keys: readonly string[]): Path | undefined {
  const places = [["generation"], ["extra", "generation"]] as const;
  return places
    .flatMap((place) => keys.map((key) => [...place, key]))
    .filter((path) => (valueAt(section, path) ?? null) !== null)
    .map((path) => ["transformers", ...path])[0];
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce((inner, key) => (inner as Readonly<Record<string, unknown>> | undefined)?.[key], value);

/** The rules over several fields, in the order in which they are checked. */
export const RULES: readonly Rule[] = [
  {
    id: "workload.one-source",
    check: ({ parsed: { workload } }) =>
      workload.prompts === undefined || workload.lengths === undefined
        ? undefined
        : conflict(
            ["workload", "lengths"],
            "prompts and lengths exclude one another",
            "keep prompts for real texts, or lengths for random tokens",
          ),
  },
  {
    id: "workload.lengths-order",
    check: ({ parsed: { workload } }) => {
      const { lengths } = workload;
      if (
        lengths === undefined ||
        typeof lengths === "number" ||
        lengths.kind === "fixed" ||
        lengths.min <= lengths.max
      )
        return undefined;
      return conflict(
        ["workload", "lengths", "min"],
        `min (${lengths.min}) is above max (${lengths.max})`,
        "swap the two",
      );
    },
  },
  {
    id: "workload.lengths-within-input",
    check: ({ parsed: { workload }, input_tokens }) => {
      const largest = largestLength(workload.lengths);
      if (largest === undefined || largest <= input_tokens) return undefined;
      const message = `lengths reach ${largest} tokens, and inputs are cut to ${input_tokens}`;
      return conflict(["workload", "input_tokens"], message, "leave input_tokens out: it then follows lengths");
    },
  },
  {
    id: "workload.budget-needs-dynamic",
    check: ({ parsed: { workload } }) =>
      workload.max_batch_tokens === undefined || workload.batching === "dynamic"
        ? undefined
        : conflict(
            ["workload", "max_batch_tokens"],
            `max_batch_tokens has no effect with batching: ${workload.batching}`,
            "write batching: dynamic, or leave it out",
          ),
  },
  {
    id: "workload.budget-holds-one-request",
    check: ({ parsed: { workload }, input_tokens }) => {
      const request = input_tokens + workload.output_tokens;
      if (workload.batching !== "dynamic" || (workload.max_batch_tokens ?? request) >= request) return undefined;
      const message = `a budget of ${workload.max_batch_tokens} tokens holds no request of ${input_tokens} in and ${workload.output_tokens} out`;
      return conflict(["workload", "max_batch_tokens"], message, `give at least ${request}`);
    },
  },
  {
    id: "workload.concurrency",
    check: ({ parsed: { workload }, engine }) =>
      workload.concurrency === 1 || !NOT_CONCURRENT.includes(engine)
        ? undefined
        : {
            code: "engine.unsupported",
            path: ["workload", "concurrency"],
            message: `${engine} takes one group of requests at a time`,
            hint: "write concurrency: 1, and raise batch_size instead",
          },
  },
  {
    id: "workload.output-length",
    check: ({ parsed: { transformers } }) => {
      const path = generationPath(transformers, ["max_length"]);
      if (path === undefined) return undefined;
      const message = "max_length has no effect: lem limits the output itself";
      return conflict(path, message, "write workload.output_tokens instead");
    },
  },
  {
    id: "workload.pinned-output",
    check: ({ parsed: { workload, transformers } }) => {
      const length = generationPath(transformers, LENGTH_KEYS);
      const path = length ?? generationPath(transformers, EARLY_ENDS);
      if (!workload.pin_output || path === undefined) return undefined;
      const message = `workload.pin_output fixes the output length: it excludes ${path.at(-1)}`;
      return conflict(path, message, length === undefined ? EARLY_END_HINT : LENGTH_HINT);
    },
  },
  {
    id: "preset.complete",
    check: ({ parsed: { preset = "" }, engine }) => {
      const missing = missingInPreset(preset, engine);
      if (missing === undefined) return undefined;
      return {
        code: "engine.unsupported",
        severity: "warn",
        path: ["preset"],
        message: `${engine} leaves out ${missing} of preset ${preset}`,
        hint: "its texts are not comparable with those of other engines; times and energy are",
      };
    },
  },
  {
    id: "warmup.runs-order",
    check: ({
      parsed: {
        measurement: { warmup },
      },
    }) =>
      warmup.min_runs <= warmup.max_runs
        ? undefined
        : conflict(
            ["measurement", "warmup", "min_runs"],
            `min_runs (${warmup.min_runs}) is above max_runs (${warmup.max_runs})`,
            "raise max_runs",
          ),
  },
  {
    id: "warmup.window-fits",
    check: ({
      parsed: {
        measurement: { warmup },
      },
    }) =>
      warmup.window <= warmup.max_runs
        ? undefined
        : conflict(
            ["measurement", "warmup", "window"],
            `a window of ${warmup.window} runs never fills within max_runs (${warmup.max_runs})`,
            "raise max_runs",
          ),
  },
  {
    id: "energy.trace-with-replay",
    check: ({
      parsed: {
        measurement: { energy },
      },
    }) => {
      if ((energy.trace === null) === (energy.sampler !== "replay")) return undefined;
      return energy.trace === null
        ? conflict(
            ["measurement", "energy", "sampler"],
            "sampler: replay needs a trace to replay",
            "name the recorded file with trace",
          )
        : conflict(
            ["measurement", "energy", "trace"],
            `a trace has no effect with sampler: ${energy.sampler}`,
            "write sampler: replay, or leave it out",
          );
    },
  },
];

/** The largest input that lengths may draw; undefined without lengths. */
export function largestLength(lengths: ParsedExperiment["workload"]["lengths"]): number | undefined {
  if (lengths === undefined || typeof lengths === "number") return lengths;
  return lengths.kind === "fixed" ? lengths.value : lengths.max;
}

/** Checks every rule. */
export const checkRules = (input: RuleInput): readonly Finding[] =>
  RULES.flatMap((rule) => {
    const found = rule.check(input);
    return found === undefined ? [] : [{ ...found, at: "value" as const, rule: rule.id }];
  });
