import type { MetricDeclaration, MetricTag } from "./declaration.ts";

const VLLM = "vLLM benchmark suite: TPOT leaves the first token out";

/** Every metric of a result. Order is the order in tables. */
export const METRICS: readonly MetricDeclaration[] = [
  {
    tag: "output_tokens_per_second", title: "output throughput", group: "throughput", unit: "token/s", shape: "scalar", better: "higher",
    formula: "output tokens of completed requests in the window / window length", needs: ["token-counts", "window-times"],
    source: "common to AIPerf, GuideLLM and vLLM",
  },
  {
    tag: "total_tokens_per_second", title: "total throughput", group: "throughput", unit: "token/s", shape: "scalar", better: "higher",
    formula: "(input + output tokens of completed requests) / window length", needs: ["token-counts", "window-times"],
    source: "vLLM benchmark suite: total token throughput",
  },
  {
    tag: "requests_per_second", title: "request throughput", group: "throughput", unit: "request/s", shape: "scalar", better: "higher",
    formula: "completed requests / window length", needs: ["request-times", "window-times"], source: "common to AIPerf, GuideLLM and vLLM",
  },
  {
    tag: "ttft", title: "time to first token", group: "latency", unit: "ms", shape: "distribution", better: "lower",
    formula: "time of the first output token - time the request was submitted", needs: ["request-times", "token-times"],
    source: "MLPerf Inference; vLLM",
  },
  {
    tag: "itl", title: "inter-token latency", group: "latency", unit: "ms", shape: "distribution", better: "lower",
    formula: "each gap between consecutive output tokens of one request; withheld when tokens arrive in chunks",
    needs: ["token-times"], source: "vLLM benchmark suite",
  },
  {
    tag: "tpot", title: "time per output token", group: "latency", unit: "ms", shape: "distribution", better: "lower",
    formula: "(e2e - ttft) / (output tokens - 1) of one request; undefined for one output token",
    needs: ["request-times", "token-times"], source: `${VLLM}; GuideLLM's TPOT includes it`,
  },
  {
    tag: "e2e", title: "end-to-end latency", group: "latency", unit: "ms", shape: "distribution", better: "lower",
    formula: "time of the last output token - time the request was submitted", needs: ["request-times", "token-times"],
    source: "common to AIPerf, GuideLLM and vLLM",
  },
  {
    tag: "total_j", title: "energy", group: "energy", unit: "J", shape: "scalar", better: "lower",
    formula: "energy of the measured windows, per domain never added silently", needs: ["energy"], source: "lem, docs/methodology.md",
  },
  {
    tag: "joules_per_output_token", title: "energy per output token", group: "energy", unit: "J/token", shape: "scalar", better: "lower",
    formula: "energy of the windows / output tokens of completed requests", needs: ["energy", "token-counts"], source: "ML.ENERGY benchmark",
  },
  {
    tag: "joules_per_total_token", title: "energy per token", group: "energy", unit: "J/token", shape: "scalar", better: "lower",
    formula: "energy of the windows / (input + output tokens)", needs: ["energy", "token-counts"], source: "lem, docs/methodology.md",
  },
  {
    tag: "joules_per_request", title: "energy per request", group: "energy", unit: "J/request", shape: "scalar", better: "lower",
    formula: "energy of the windows / completed requests", needs: ["energy", "request-times"], source: "AI Energy Score",
  },
  {
    tag: "output_tokens_per_joule", title: "output tokens per joule", group: "energy", unit: "token/J", shape: "scalar", better: "higher",
    formula: "output tokens of completed requests / energy of the windows", needs: ["energy", "token-counts"], source: "AIPerf",
  },
  {
    tag: "mean_power", title: "mean power", group: "energy", unit: "W", shape: "scalar", better: "lower",
    formula: "energy of the windows / length of the windows", needs: ["energy", "window-times"], source: "lem, docs/methodology.md",
  },
  {
    tag: "executed_flop", title: "executed FLOP", group: "flops", unit: "FLOP", shape: "scalar", better: "neither",
    formula: "matrix products as executed over the windows, 2 per multiply-add", needs: ["flops"], source: "torch FlopCounterMode",
  },
  {
    tag: "causal_flop", title: "causal FLOP", group: "flops", unit: "FLOP", shape: "scalar", better: "neither",
    formula: "as executed, with attention counted for visible query-key pairs only", needs: ["flops"], source: "lem, docs/methodology.md",
  },
  {
    tag: "flop_per_output_token", title: "FLOP per output token", group: "flops", unit: "FLOP/token", shape: "scalar", better: "neither",
    formula: "executed FLOP / output tokens", needs: ["flops", "token-counts"], source: "lem, docs/methodology.md",
  },
  {
    tag: "flop_per_second", title: "achieved FLOP rate", group: "flops", unit: "FLOP/s", shape: "scalar", better: "higher",
    formula: "executed FLOP / length of the windows", needs: ["flops", "window-times"], source: "lem, docs/methodology.md",
  },
  {
    tag: "process_peak", title: "peak process memory", group: "memory", unit: "B", shape: "scalar", better: "lower",
    formula: "largest resident set of the engine's processes during the windows", needs: ["process-memory"], source: "Linux /proc/PID/status and smaps_rollup",
  },
  {
    tag: "process_mean", title: "mean process memory", group: "memory", unit: "B", shape: "scalar", better: "lower",
    formula: "time-weighted mean resident set of the engine's processes during the windows", needs: ["process-memory"], source: "Linux /proc/PID/statm",
  },
  {
    tag: "device_peak", title: "peak device memory", group: "memory", unit: "B", shape: "scalar", better: "lower",
    formula: "largest memory the engine allocated on its devices during the windows", needs: ["device-memory"], source: "the engine's own allocator statistics",
  },
  {
    tag: "cpu_utilisation", title: "CPU utilisation of the engine", group: "utilisation", unit: "ratio", shape: "scalar", better: "neither",
    formula: "CPU seconds of the engine's processes / (window length x processors it may use)", needs: ["cpu-times", "window-times"], source: "getrusage",
  },
  {
    tag: "gpu_utilisation", title: "GPU utilisation", group: "utilisation", unit: "ratio", shape: "scalar", better: "neither",
    formula: "share of the window in which a kernel ran", needs: ["device-utilisation"], source: "NVML utilisation samples",
  },
  {
    tag: "batch_occupancy", title: "batch occupancy", group: "utilisation", unit: "ratio", shape: "scalar", better: "higher",
    formula: "mean over decode steps of (active sequences / sequences the batch can hold)", needs: ["scheduler-state"], source: "the engine's scheduler",
  },
  {
    tag: "kv_cache_use", title: "KV-cache use", group: "cache", unit: "ratio", shape: "scalar", better: "neither",
    formula: "largest number of tokens held / tokens the cache can hold", needs: ["kv-cache-state"], source: "the engine's cache",
  },
];

const BY_TAG: ReadonlyMap<string, MetricDeclaration> = new Map(METRICS.map((declaration) => [declaration.tag, declaration]));

/** Finds a metric's declaration by its tag. */
export const metric = (tag: MetricTag): MetricDeclaration => BY_TAG.get(tag) as MetricDeclaration;
