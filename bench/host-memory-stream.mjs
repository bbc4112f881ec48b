/**
 * The host of `host-memory.mjs`: measures one window of a million tokens that a worker without an engine sends as fast
 * as it can, with all of lem's own code loaded, and prints the memory it took as JSON.
 */
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

// The start of the `lem` bin: a host that only watches must not let young garbage grow to V8's 48 MiB.
enableCompileCache();
setFlagsFromString("--semi-space-growth-factor=1");
await import("../packages/study/src/index.ts");
const { openSession } = await import("../packages/engines/src/index.ts");
const { measure, openProcessTreeMemory, PhaseClock, readingsOf } = await import("../packages/harness/src/index.ts");

const TOKENS = 1_000_000;
const OUTPUT_TOKENS = 1000;
const WORKER = join(import.meta.dirname, "..", "packages", "harness", "test", "fixtures", "fake-worker.mjs");

const peakBytes = () => process.resourceUsage().maxRSS * 1024;

const EXPERIMENT = {
  schema_version: 1,
  name: "host-memory",
  engine: "llama-cpp",
  model: "none",
  workload: {
    prompts: { kind: "synthetic", lengths: { kind: "fixed", value: 16 } },
    n: TOKENS / OUTPUT_TOKENS,
    input_tokens: 16,
    output_tokens: OUTPUT_TOKENS,
    pin_output: true,
    batching: "static",
    batch_size: 8,
    max_batch_tokens: 8 * (16 + OUTPUT_TOKENS),
    concurrency: 1,
    seed: 0,
  },
  measurement: {
    windows: 1,
    warmup: { enabled: false, max_runs: 1, min_runs: 1, window: 2, target_cv: 1 },
    energy: { sampler: "none", trace: null },
    timeouts: { load_s: 60, silence_s: 60 },
  },
  sections: {},
  unchecked: [],
};

const MODEL = {
  requested: "none",
  name: "none",
  format: "gguf",
  path: "none",
  source: "none",
  synthetic: true,
  weights: "files",
  config: {
    model_type: "llama",
    vocab_size: 500,
    hidden_size: 64,
    intermediate_size: 128,
    num_hidden_layers: 2,
    num_attention_heads: 4,
  },
};

const SESSION = {
  command: { file: process.execPath, args: [WORKER, "{}"], env: {} },
  engine: "none",
  logPath: "/dev/null",
  deadlines: { hello_s: 60, load_s: 60, silence_s: 60, close_s: 5 },
};

const loaded_b = process.memoryUsage.rss();
const phases = new PhaseClock(() => {});
const measurement = await measure({
  experiment: EXPERIMENT,
  model: MODEL,
  openSession: (signal) => openSession({ ...SESSION, env: process.env, signal }),
  openMemorySampler: openProcessTreeMemory,
  sampler: { status: "unavailable", reading: { status: "unavailable", reason: "switched-off", detail: "bench" } },
  phases,
  emit: () => {},
  signal: new AbortController().signal,
});
if (measurement.stopped !== null) throw measurement.stopped;
const streamed_peak_b = peakBytes();
const { tokens } = readingsOf(measurement, MODEL.config);
const seconds = phases.records.find(({ phase }) => phase === "measure").seconds;
console.log(
  JSON.stringify({
    output_tokens: tokens.output,
    seconds,
    loaded_b,
    streamed_peak_b,
    with_readings_peak_b: peakBytes(),
  }),
);
