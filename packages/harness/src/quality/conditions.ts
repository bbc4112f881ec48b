import { coefficientOfVariation, isAvailable, type EnvironmentSnapshot, type RequestTimeline } from "@lem/domain";
import type { QualityEvidence, QualityRule } from "./rule.ts";

/** Windows shorter than this differ strongly between repeats; energy figures settle from here (peers use 5 s and more). */
export const SHORT_WINDOW_S = 5;
/** Spread of the windows' throughput above which their mean tells little. */
export const UNSTEADY_CV = 0.05;
const UNSTEADY_FROM_WINDOWS = 2;

/** Rules about the conditions under which the figures were taken. */
export const CONDITION_RULES: readonly QualityRule[] = [
  {
    code: "quality.not-completed",
    meaning: "the experiment failed or was interrupted; the windows before that are whole",
    severity: "invalid",
    find: ({ result }) => (result.status === "completed" ? undefined : `the experiment is ${result.status}`),
  },
  {
    code: "quality.short-window",
    meaning: "a window is shorter than 5 s: figures differ strongly between repeats",
    severity: "warn",
    hint: "raise workload.n or workload.output_tokens",
    find: ({ result }) => {
      const shortest = Math.min(...result.windows.map((window) => window.length_s));
      if (shortest >= SHORT_WINDOW_S) return undefined;
      return `short window: ${shortest.toPrecision(shortest > 4.9 ? 3 : 2)} s; ${SHORT_WINDOW_S} s gives figures you can compare`;
    },
  },
  {
    code: "quality.unsteady-windows",
    meaning: "the throughput of the windows differs by more than 5 % (coefficient of variation)",
    severity: "warn",
    hint: "end other programs, or measure more and longer windows",
    find: ({ result }) => {
      if (result.windows.length < UNSTEADY_FROM_WINDOWS) return undefined;
      const cv = coefficientOfVariation(result.windows.map((window) => window.output_tokens / window.length_s));
      return cv > UNSTEADY_CV ? `throughput differs by ${percent(cv)} (CV) between windows` : undefined;
    },
  },
  {
    code: "quality.warmup-not-reached",
    meaning: "the warm-up reached its limit before its durations were steady",
    severity: "warn",
    hint: "raise measurement.warmup.max_runs, or end other programs",
    find: ({ result: { warmup } }) => {
      if (warmup?.status !== "not-reached") return undefined;
      const cv = isAvailable(warmup.cv) ? `its CV is ${percent(warmup.cv.value)}` : "its CV is unknown";
      return `warm-up did not converge in ${warmup.runs} runs: ${cv}, the target ${percent(warmup.target_cv)}`;
    },
  },
  {
    code: "quality.no-warmup",
    meaning: "the warm-up was switched off",
    severity: "warn",
    find: ({ result }) => (result.warmup?.status === "skipped" ? "the engine was not warmed up" : undefined),
  },
  {
    code: "quality.busy-host",
    meaning: "the load average was above the number of processors when the experiment began",
    severity: "warn",
    hint: "end other programs and measure again",
    find: ({ result }) => busyHost(result.environment),
  },
  {
    code: "quality.replayed-energy",
    meaning: "the energy was played from a recorded trace",
    severity: "warn",
    hint: "measurement.energy.sampler: auto measures this machine, where it can",
    find: ({ measurement }) =>
      measurement?.sampler === "replay"
        ? "the energy is played from a recorded trace; it is not of this run"
        : undefined,
  },
  {
    code: "quality.sampling-gap",
    meaning: "a stream of samples has gaps; what they touch is unavailable",
    severity: "warn",
    find: ({ result }) => {
      const gaps = result.gaps.filter((gap) => gap.kind === "samples");
      return gaps.length === 0 ? undefined : `${gaps.length} gaps in the samples, the first in ${gaps[0]?.stream}`;
    },
  },
  {
    code: "quality.cancelled-requests",
    meaning: "requests were cancelled; they count in no figure",
    severity: "warn",
    find: ({ measurement }) => {
      const all = timelinesOf(measurement);
      const cancelled = all.filter(({ finish }) => finish === "cancelled").length;
      return cancelled === 0
        ? undefined
        : `${cancelled} of ${all.length} requests were cancelled; they count in no figure`;
    },
  },
  {
    code: "quality.reused-prompts",
    meaning: "there are fewer different inputs than requests",
    severity: "info",
    hint: "an engine may keep what it computed for the same prompt; give more prompts",
    find: ({ measurement }) => {
      if (measurement === null) return undefined;
      const { distinctInputs, requests } = measurement.work;
      return distinctInputs < requests.length ? `${requests.length} requests of ${distinctInputs} prompts` : undefined;
    },
  },
  {
    code: "quality.no-energy",
    meaning: "there is no energy figure; the reason stands beside it",
    severity: "info",
    find: ({ result }) => {
      const energy = result.energy["total_j"];
      return energy?.status === "unavailable" ? `energy is unavailable: ${energy.detail}` : undefined;
    },
  },
  {
    code: "quality.coalesced-stream",
    meaning: "tokens came in chunks, which hide the time between them",
    severity: "info",
    find: ({ measurement }) => {
      const chunked = timelinesOf(measurement).filter(({ timing }) => timing === "chunk").length;
      return chunked === 0
        ? undefined
        : `the tokens of ${chunked} requests came in chunks; inter-token latency is withheld`;
    },
  },
];

const timelinesOf = (measurement: QualityEvidence["measurement"]): readonly RequestTimeline[] =>
  measurement?.windows.flatMap((window) => window.timelines) ?? [];

const percent = (share: number): string => `${(100 * share).toPrecision(2)} %`;

/** More runnable tasks than processors before the experiment began. */
function busyHost({ facts }: EnvironmentSnapshot): string | undefined {
  const load = numberOf(facts.os["load_average_1m"]);
  const processors = numberOf(facts.cpu["usable_processors"]);
  if (load === undefined || processors === undefined || load <= processors) return undefined;
  return `the load average was ${load} on ${processors} processors when the experiment began`;
}

function numberOf(found: EnvironmentSnapshot["facts"]["cpu"][string] | undefined): number | undefined {
  return found?.status === "measured" && typeof found.value === "number" ? found.value : undefined;
}
