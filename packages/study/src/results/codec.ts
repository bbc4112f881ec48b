import { z } from "zod";
import {
  ENGINE_IDS,
  ERROR_CODES,
  FACT_GROUPS,
  LemError,
  LOAD_SERIES,
  PHASES,
  RESULT_SCHEMA_VERSION,
  UNAVAILABLE_REASONS,
  UNITS,
  UNSTEADY_REASONS,
  type ErrorCode,
  type ExperimentResult,
} from "@lem/domain";

/** The checks of result files. Types are written in the domain; a type test holds the two equal. */

const json = z.json();
const jsonObject = z.record(z.string(), json);

const interval = z.strictObject({
  level: z.literal(0.95),
  low: z.number(),
  high: z.number(),
  method: z.enum(["student-t", "cosine-t", "bca-bootstrap", "block-bootstrap", "order-statistic"]),
});

const available = {
  value: z.number(),
  unit: z.enum(UNITS),
  source: z.string(),
  interval: interval.exactOptional(),
  systematic: z.strictObject({ relative: z.number(), source: z.string() }).exactOptional(),
  n: z.int().nonnegative().exactOptional(),
};

const reason = z.enum(UNAVAILABLE_REASONS);
const missing = z.strictObject({ status: z.literal("unavailable"), reason, detail: z.string() });

const reading = z
  .discriminatedUnion("status", [
    z.strictObject({ status: z.literal("measured"), ...available }),
    z.strictObject({ status: z.literal("modelled"), ...available }),
    missing,
  ])
  .meta({ id: "Reading" });

const readings = z.record(z.string(), reading);

const distribution = z
  .strictObject({
    mean: reading,
    sd: reading,
    min: reading,
    max: reading,
    p50: reading,
    p90: reading,
    p95: reading,
    p99: reading,
  })
  .meta({ id: "Distribution" });

const fact = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("measured"), value: json, source: z.string(), unit: z.string().exactOptional() }),
  missing,
]);

const environment = z.strictObject({
  taken_at: z.iso.datetime(),
  facts: z.record(z.enum(FACT_GROUPS), z.record(z.string(), fact)),
});

const count = z.int().nonnegative();
const length = z.number().nonnegative();

const model = z.strictObject({
  requested: z.string(),
  name: z.string(),
  format: z.enum(["gguf", "hf-folder"]),
  path: z.string(),
  source: z.string(),
  revision: z.string().exactOptional(),
  sha256: z.string().exactOptional(),
  synthetic: z.boolean(),
  architecture: z.string().exactOptional(),
  parameters: z.number().exactOptional(),
  dtype: z.string().exactOptional(),
  context_length: z.number().exactOptional(),
});

const corpusRecord = {
  status: z.enum(["exact", "other-version", "missing"]),
  version: z.string().exactOptional(),
};

const config = z.strictObject({
  written: json,
  resolved: jsonObject,
  effective: jsonObject,
  provenance: z.record(z.string(), z.enum(["flag", "file", "base", "preset", "user-file", "default"])),
  unchecked: z.array(z.string()),
  corpus: z.strictObject({ ...corpusRecord, rules: z.strictObject(corpusRecord).exactOptional() }),
});

const workload = z.strictObject({
  source: z.string(),
  requests: count,
  batching: z.string(),
  batch_size: count,
  concurrency: count,
  seed: z.int(),
  pinned_output: z.boolean(),
  input_ids_sha256: z.string(),
  windows: count,
});

const warmup = z.strictObject({
  status: z.enum(["converged", "not-reached", "skipped"]),
  runs: count,
  limit: count,
  target_cv: z.number(),
  cv: reading,
  run_seconds: z.array(length),
});

const loadSeries = z.enum(LOAD_SERIES);

const steady = z.discriminatedUnion("status", [
  z.strictObject({ status: z.literal("reached"), start_s: length, end_s: length, series: z.array(loadSeries) }),
  z.strictObject({
    status: z.literal("not-reached"),
    reason: z.enum(UNSTEADY_REASONS),
    series: loadSeries.exactOptional(),
    detail: z.string(),
  }),
]);

const window = z.strictObject({
  window: count,
  origin_ns: z.number(),
  length_s: length,
  input_tokens: count,
  output_tokens: count,
  completed: count,
  cpu_s: z.number().nullable(),
  steady: steady.exactOptional(),
});

const errorCode = z.enum(Object.keys(ERROR_CODES) as [ErrorCode, ...ErrorCode[]]);

const failure = z.strictObject({
  phase: z.enum(PHASES),
  code: errorCode,
  message: z.string(),
  hint: z.string().exactOptional(),
  engine_error: z
    .strictObject({ type: z.string(), message: z.string(), traceback: z.string().exactOptional() })
    .exactOptional(),
  log_tail: z.array(z.string()),
});

const finding = z.strictObject({
  code: z.string(),
  severity: z.enum(["info", "warn", "invalid"]),
  message: z.string(),
  hint: z.string().exactOptional(),
});

/** Files of before the gaps of rules were stored have gaps of samples only, without their kind. */
const samplesGap = z.strictObject({
  kind: z.literal("samples").default("samples"),
  stream: z.string(),
  start_ns: z.number(),
  length_s: length,
});

const place = z.strictObject({ path: z.string(), qualname: z.string(), line: count });

const gapCase = {
  section: z.string(),
  entry: z.string().nullable(),
  fields: z.array(z.string()),
  given: jsonObject,
  place: place.nullable(),
};

const gap = z
  .union([
    samplesGap,
    z.strictObject({ kind: z.literal("refused"), ...gapCase, exception: z.string() }),
    z.strictObject({ kind: z.literal("warned"), ...gapCase, exception: z.string().nullable() }),
    z.strictObject({ kind: z.literal("changed"), ...gapCase, exception: z.null(), effective: jsonObject }),
  ])
  .meta({ id: "Gap" });

const outcome = z.enum(["completed", "failed", "interrupted"]);

const repeats = z
  .strictObject({
    cycles: z.array(z.strictObject({ cycle: count, status: outcome, ranks: count, started_at: z.iso.datetime() })),
    figures: z.record(
      z.string(),
      z.strictObject({
        unit: z.enum(UNITS),
        n: count,
        mean: z.number(),
        median: z.number(),
        sd: z.number().nullable(),
        cv: z.number().nullable(),
        interval: interval.nullable(),
        mean_without_outliers: z.number().nullable(),
        values: z.array(z.tuple([count, z.number()])),
        outliers: z.array(z.strictObject({ cycle: count, value: z.number(), score: z.number() })),
      }),
    ),
  })
  .meta({ id: "Repeats" });

const result = z.strictObject({
  schema_version: z.literal(RESULT_SCHEMA_VERSION),
  lem_version: z.string(),
  experiment_id: z.string(),
  name: z.string(),
  status: outcome,
  started_at: z.iso.datetime(),
  finished_at: z.iso.datetime(),
  command: z.array(z.string()),
  engine: z.strictObject({
    name: z.enum(ENGINE_IDS),
    version: z.string(),
    devices: z.array(z.string()).exactOptional(),
    kept_loaded: z.strictObject({ experiment_id: z.string(), cycle: count, age_s: length }).exactOptional(),
  }),
  model: model.nullable(),
  config,
  environment,
  workload: workload.nullable(),
  tokens: z.strictObject({ input: count, output: count }).nullable(),
  throughput: z.strictObject({
    output_tokens_per_second: reading,
    total_tokens_per_second: reading,
    requests_per_second: reading,
  }),
  latency: z.strictObject({ ttft: distribution, itl: distribution, tpot: distribution, e2e: distribution }),
  energy: readings,
  flops: readings,
  flops_method: z.strictObject({ method: z.string(), confidence: z.string(), notes: z.array(z.string()) }).nullable(),
  memory: readings,
  utilisation: readings,
  cache: readings,
  warmup: warmup.nullable(),
  baseline: readings,
  sensors: readings.exactOptional(),
  phases: z.array(z.strictObject({ phase: z.enum(PHASES), seconds: length })),
  windows: z.array(window),
  thermal: readings,
  steady: readings.exactOptional(),
  engine_phases: readings.exactOptional(),
  gaps: z.array(gap),
  quality: z.strictObject({ verdict: z.enum(["valid", "suspect", "invalid"]), findings: z.array(finding) }),
  failure: failure.nullable(),
  repeats: repeats.exactOptional(),
});

/** Fails to compile when the checks accept anything else than the domain's type. */
const checked: z.ZodType<ExperimentResult> = result;

/**
 * Reads the value of a `result.json`.
 * @throws LemError `results.schema-version` for a newer file, `results.invalid` for anything that is no result
 */
export function parseResult(value: unknown, file: string): ExperimentResult {
  const version = (value as { schema_version?: unknown } | null)?.schema_version;
  if (typeof version === "number" && version > RESULT_SCHEMA_VERSION) {
    const message = `${file} has schema_version ${version}; this program reads up to ${RESULT_SCHEMA_VERSION}`;
    throw new LemError("results.schema-version", message, { hint: "update lem", place: { file } });
  }
  const parsed = checked.safeParse(value);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  const path = first?.path.join(".") ?? "";
  throw new LemError("results.invalid", `${file} is not a result of lem: ${path}: ${first?.message ?? ""}`, {
    place: { file, path },
  });
}

/** The published JSON Schema of `result.json` (draft 2020-12). */
export const resultJsonSchema = (): object => ({
  title: "lem result",
  ...z.toJSONSchema(checked, { target: "draft-2020-12" }),
});
