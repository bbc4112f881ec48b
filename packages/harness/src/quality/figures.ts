import {
  isAvailable,
  type AvailableReading,
  type DistributionReadings,
  type Reading,
  type RequestTimeline,
} from "@lem/domain";
import type { MeasuredWindow } from "../measurement.ts";
import type { QualityEvidence, QualityRule } from "./rule.ts";

/** Rounding of sums over doubles, relative. */
const ROUNDING = 1e-9;

/** Rules that catch figures which cannot be true. */
export const FIGURE_RULES: readonly QualityRule[] = [
  {
    code: "quality.impossible-value",
    meaning: "a figure is negative, not a number, or a share above one; or an interval or window is turned around",
    severity: "invalid",
    hint: "this is a defect; please report it with the result folder",
    find: ({ result }) => {
      const empty = result.windows.find(({ length_s }) => !(length_s > 0));
      if (empty !== undefined) return `window ${empty.window} is ${empty.length_s} s long`;
      const wrong = [...availableReadings(result)].find(([path, reading]) => !isPossible(path, reading));
      return wrong && `${wrong[0]} is ${wrong[1].value} ${wrong[1].unit}${intervalText(wrong[1])}`;
    },
  },
  {
    code: "quality.contradiction",
    meaning:
      "figures exclude one another: p50 above p99, a first token after the last, a request longer than its window",
    severity: "invalid",
    hint: "this is a defect; please report it with the result folder",
    find: ({ result }) =>
      Object.entries(result.latency)
        .map(([name, distribution]) => disorder(name, distribution))
        .find((found) => found !== undefined) ?? excluded(result),
  },
  {
    code: "quality.sum-of-parts",
    meaning: "a total differs from the sum of its windows or domains",
    severity: "invalid",
    hint: "this is a defect; please report it with the result folder",
    find: ({ result }) => tokenSum(result) ?? energySum(result.energy),
  },
  {
    code: "quality.token-mismatch",
    meaning: "a window counts other tokens than its requests hold",
    severity: "invalid",
    hint: "this is a defect; please report it with the result folder",
    find: ({ measurement }) => measurement?.windows.map(windowMismatch).find((found) => found !== undefined),
  },
];

const SECTIONS = ["throughput", "latency", "energy", "flops", "memory", "utilisation", "cache"] as const;

/** Every reading with a value, by its path in the result. */
function* availableReadings(result: QualityEvidence["result"]): Generator<readonly [string, AvailableReading]> {
  for (const section of SECTIONS) {
    const metrics: Readonly<Record<string, Reading | DistributionReadings>> = { ...result[section] };
    const named = Object.entries(metrics).flatMap(([tag, value]) => namedReadings(`${section}.${tag}`, value));
    for (const [path, reading] of named) if (isAvailable(reading)) yield [path, reading];
  }
}

const isReading = (value: Reading | DistributionReadings): value is Reading => "status" in value;

function namedReadings(path: string, value: Reading | DistributionReadings): (readonly [string, Reading])[] {
  if (isReading(value)) return [[path, value]];
  return Object.entries(value).map(([statistic, reading]) => [`${path}.${statistic}`, reading] as const);
}

/** Two clocks or two instruments make these ratios, so that they may pass 1; the other shares are counted and cannot. */
const UNBOUNDED_RATIOS: ReadonlySet<string> = new Set(["utilisation.cpu_utilisation", "energy.counter_ratio"]);
/** A difference to the idle machine may fall below nothing by the noise of both. */
const DIFFERENCE = /^energy\.above_idle_/;

function isPossible(path: string, { value, unit, interval }: AvailableReading): boolean {
  if (!Number.isFinite(value) || (value < 0 && !DIFFERENCE.test(path))) return false;
  if (interval !== undefined && !(interval.low <= interval.high)) return false;
  return unit !== "ratio" || UNBOUNDED_RATIOS.has(path) || value <= 1 + ROUNDING;
}

const ASCENDING = ["min", "p50", "p90", "p95", "p99", "max"] as const;

function disorder(name: string, distribution: DistributionReadings): string | undefined {
  const values = ASCENDING.flatMap((statistic) => {
    const reading = distribution[statistic];
    return isAvailable(reading) ? [{ statistic, value: reading.value }] : [];
  });
  const at = values.findIndex(({ value }, index) => value > (values[index + 1]?.value ?? Infinity));
  const [low, high] = [values[at], values[at + 1]];
  if (low === undefined || high === undefined) return undefined;
  return `${name}: ${low.statistic} ${low.value} is above ${high.statistic} ${high.value}`;
}

/** Figures of which the first can never be above the second. */
const NEVER_ABOVE = (
  result: QualityEvidence["result"],
): readonly (readonly [string, Reading | undefined, Reading | undefined])[] => {
  const { latency, throughput, flops } = result;
  return [
    ["the mean of TTFT and e2e", latency.ttft.mean, latency.e2e.mean],
    ["the longest TTFT and e2e", latency.ttft.max, latency.e2e.max],
    ["output and total throughput", throughput.output_tokens_per_second, throughput.total_tokens_per_second],
    ["causal and executed FLOP", flops["causal_flop"], flops["executed_flop"]],
  ];
};

function excluded(result: QualityEvidence["result"]): string | undefined {
  const longest = Math.max(...result.windows.map(({ length_s }) => length_s)) * 1e3;
  const { max } = result.latency.e2e;
  if (result.windows.length > 0 && isAvailable(max) && max.value > longest * (1 + ROUNDING))
    return `a request took ${max.value} ms, the longest window ${longest} ms`;
  for (const [what, low, high] of NEVER_ABOVE(result)) {
    if (low === undefined || high === undefined || !isAvailable(low) || !isAvailable(high)) continue;
    if (low.value > high.value * (1 + ROUNDING)) return `${what} exclude one another: ${low.value} and ${high.value}`;
  }
  return undefined;
}

const intervalText = ({ interval }: AvailableReading): string =>
  interval === undefined ? "" : `, its interval ${interval.low} to ${interval.high}`;

function tokenSum({ tokens, windows }: QualityEvidence["result"]): string | undefined {
  if (tokens === null) return undefined;
  const input = windows.reduce((sum, window) => sum + window.input_tokens, 0);
  const output = windows.reduce((sum, window) => sum + window.output_tokens, 0);
  if (input === tokens.input && output === tokens.output) return undefined;
  return `tokens say ${tokens.input} + ${tokens.output}, the windows add up to ${input} + ${output}`;
}

function energySum(energy: Readonly<Record<string, Reading>>): string | undefined {
  const total = energy["total_j"];
  const parts = Object.entries(energy).filter(([tag]) => tag.startsWith("total_j."));
  if (total === undefined || !isAvailable(total) || parts.length === 0) return undefined;
  const sum = parts.reduce((all, [, part]) => all + (isAvailable(part) ? part.value : Number.NaN), 0);
  if (Math.abs(sum - total.value) <= ROUNDING * Math.abs(total.value)) return undefined;
  return `the energy is ${total.value} J, its domains add up to ${sum} J`;
}

function windowMismatch({ record, timelines }: MeasuredWindow): string | undefined {
  const completed = timelines.filter(({ finish }) => finish !== "cancelled");
  const torn = completed.find((timeline) => !holdsItsTokens(timeline));
  if (torn !== undefined)
    return `request ${torn.request} of window ${torn.window} counts ${torn.output_tokens} output tokens and holds ${torn.output_ids.length}`;
  const input = completed.reduce((sum, timeline) => sum + timeline.input_tokens, 0);
  const output = completed.reduce((sum, timeline) => sum + timeline.output_tokens, 0);
  const same = input === record.input_tokens && output === record.output_tokens;
  if (same && completed.length === record.completed) return undefined;
  return `window ${record.window} counts ${record.input_tokens} + ${record.output_tokens} tokens, its requests ${input} + ${output}`;
}

const holdsItsTokens = ({ timing, output_tokens, output_ids, token_ns }: RequestTimeline): boolean =>
  output_ids.length === output_tokens && token_ns.length === (timing === "none" ? 0 : output_tokens);
