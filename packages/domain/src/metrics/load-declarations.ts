import type { MetricDeclaration } from "./declaration.ts";

const OWN = "lem, docs/methodology.md";

/** Figures of the steady part of the windows. */
export const STEADY_METRICS: readonly MetricDeclaration[] = [
  {
    tag: "steady_length",
    title: "length of the steady state",
    group: "steady",
    unit: "s",
    shape: "scalar",
    better: "neither",
    formula: "length of the steady parts of all windows (MSER-5 from both ends, then CUSUM)",
    needs: ["steady-load", "token-times"],
    source: OWN,
  },
  {
    tag: "steady_output_tokens_per_second",
    title: "output throughput in the steady state",
    group: "steady",
    unit: "token/s",
    shape: "scalar",
    better: "higher",
    formula: "output tokens that arrived in the steady parts / their length",
    needs: ["steady-load", "token-times"],
    source: "ML.ENERGY benchmark",
  },
  {
    tag: "steady_power",
    title: "power in the steady state",
    group: "steady",
    unit: "W",
    shape: "scalar",
    better: "lower",
    formula: "for each domain: energy / time between the first and the last tick of its counter in the steady parts",
    needs: ["steady-load", "energy", "energy-counter"],
    source: OWN,
  },
  {
    tag: "steady_joules_per_output_token",
    title: "energy per output token in the steady state",
    group: "steady",
    unit: "J/token",
    shape: "scalar",
    better: "lower",
    formula:
      "for each domain: counter difference between the first and the last tick in the steady parts / output tokens that arrived between the same two instants; only where prompts were computed there too",
    needs: ["steady-load", "energy", "energy-counter", "token-times"],
    source: OWN,
  },
  {
    tag: "steady_counter_ratio",
    title: "energy counter against power samples in the steady state",
    group: "steady",
    unit: "ratio",
    shape: "scalar",
    better: "neither",
    formula:
      "counter difference between the ticks that cut the steady parts / integral of the power samples between them",
    needs: ["steady-load", "energy", "energy-counter"],
    source: OWN,
  },
];

const phase = (parts: Omit<MetricDeclaration, "group" | "shape" | "source" | "needs">): MetricDeclaration => ({
  ...parts,
  group: "engine_phases",
  shape: "scalar",
  needs: parts.unit === "s" ? ["engine-steps"] : ["engine-steps", "energy"],
  source: OWN,
});

/** Time and energy of prompts and of output, where the engine's steps tell them apart. */
export const PHASE_METRICS: readonly MetricDeclaration[] = [
  phase({
    tag: "prefill_time",
    title: "time of prefill",
    unit: "s",
    better: "lower",
    formula: "length of the engine's steps that computed prompts only, over the windows",
  }),
  phase({
    tag: "decode_time",
    title: "time of decoding",
    unit: "s",
    better: "lower",
    formula: "length of the engine's steps that computed output tokens only",
  }),
  phase({
    tag: "mixed_time",
    title: "time of mixed steps",
    unit: "s",
    better: "neither",
    formula: "length of the engine's steps that computed prompts and output tokens together",
  }),
  phase({
    tag: "prefill_j",
    title: "energy of prefill",
    unit: "J",
    better: "lower",
    formula: "integral of the power samples over the steps that computed prompts only",
  }),
  phase({
    tag: "decode_j",
    title: "energy of decoding",
    unit: "J",
    better: "lower",
    formula: "integral of the power samples over the steps that computed output tokens only",
  }),
  phase({
    tag: "mixed_j",
    title: "energy of mixed steps",
    unit: "J",
    better: "neither",
    formula: "integral of the power samples over the steps that computed both; it is not divided by a guess",
  }),
  phase({
    tag: "prefill_joules_per_input_token",
    title: "energy of prefill per input token",
    unit: "J/token",
    better: "lower",
    formula: "energy of prefill / prompt tokens computed in the same steps",
  }),
  phase({
    tag: "decode_joules_per_output_token",
    title: "energy of decoding per output token",
    unit: "J/token",
    better: "lower",
    formula: "energy of decoding / output tokens of the same steps",
  }),
  phase({
    tag: "phase_residual",
    title: "share of energy in neither phase",
    unit: "ratio",
    better: "neither",
    formula:
      "1 - (energy of prefill + energy of decoding) / energy of the windows: mixed steps, and time without a step",
  }),
];
