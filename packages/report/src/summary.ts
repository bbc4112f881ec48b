import {
  isAvailable,
  type AvailableReading,
  type DistributionReadings,
  type ExperimentResult,
  type Reading,
  type TokenCounts,
  type WorkloadRecord,
} from "@lem/domain";
import { formatInterval, formatReading } from "./format.ts";
import { loadRows, type Row } from "./load-rows.ts";

const LABEL_WIDTH = 13;

const join = (parts: readonly (string | undefined)[]): string => parts.filter((part) => part !== undefined).join(" · ");

function shown(reading: Reading | undefined, name: string): string | undefined {
  return reading !== undefined && isAvailable(reading) ? `${formatReading(reading)} ${name}`.trimEnd() : undefined;
}

/** `214 ms p50 · 260 ms p95`, or why there is nothing to show. */
function spread(distribution: DistributionReadings, name = ""): string {
  const parts = [shown(distribution.p50, `${name}p50`), shown(distribution.p95, "p95"), shown(distribution.p99, "p99")];
  if (parts.some((part) => part !== undefined)) return join(parts);
  if (isAvailable(distribution.mean)) return `${formatReading(distribution.mean)} ${name}mean`;
  return `unavailable: ${distribution.mean.detail}`;
}

function samplesOf(distribution: DistributionReadings): string | undefined {
  return isAvailable(distribution.mean) ? `n ${distribution.mean.n ?? 1}` : undefined;
}

/** What the intervals are over. */
const observed = ({ windows, repeats }: ExperimentResult): string =>
  repeats === undefined ? counted(windows.length, "window") : counted(repeats.cycles.length, "cycle");

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;

function throughputRow(result: ExperimentResult): Row {
  const { throughput } = result;
  const output = throughput.output_tokens_per_second;
  if (!isAvailable(output)) return { label: "throughput", text: `unavailable: ${output.detail}` };
  const interval = formatInterval(output);
  const over = observed(result);
  const doubt = interval === "" ? ` (interval unavailable with ${over})` : `${interval} (95 %, ${over})`;
  const total = shown(throughput.total_tokens_per_second, "in + out");
  return { label: "throughput", text: join([`${formatReading(output)} output${doubt}`, total]) };
}

function latencyRows({ latency }: ExperimentResult): Row[] {
  return [
    { label: "first token", text: join([spread(latency.ttft, "TTFT "), samplesOf(latency.ttft)]) },
    {
      label: "per token",
      text: join([
        spread(latency.itl, "ITL "),
        shown(latency.tpot.p50, "TPOT p50") ?? shown(latency.tpot.mean, "TPOT mean"),
      ]),
    },
    { label: "end to end", text: spread(latency.e2e) },
  ];
}

function energyRow({ energy }: ExperimentResult): Row {
  const perToken = energy["joules_per_output_token"];
  const total = energy["total_j"];
  if (perToken !== undefined && isAvailable(perToken) && total !== undefined && isAvailable(total)) {
    const power = energy["mean_power"];
    const systematic =
      total.systematic === undefined ? "" : ` (sensor ± ${(total.systematic.relative * 100).toFixed(0)} %)`;
    const value = `${formatReading(perToken)}${formatInterval(perToken)}${systematic}`;
    const text = join([value, shown(total, "in all"), power && shown(power, "mean"), energyOrigin(energy, total)]);
    return { label: "energy", text };
  }
  const missing = Object.values(energy).find((reading) => !isAvailable(reading));
  const why = missing !== undefined && !isAvailable(missing) ? missing.detail : "not measured";
  return { label: "energy", text: `unavailable: ${why}   → lem doctor energy` };
}

/** Which domains are added up, and that a replay is not of this run. */
function energyOrigin(energy: ExperimentResult["energy"], { source }: AvailableReading): string | undefined {
  const domains = Object.keys(energy).flatMap((tag) => (tag.startsWith(PART) ? [tag.slice(PART.length)] : []));
  const replayed = /\breplay of\b/.test(source) ? "REPLAYED, not of this run" : undefined;
  const text = join([domains.length === 0 ? undefined : domains.join(" + "), replayed]);
  return text === "" ? undefined : text;
}

const PART = "total_j.";

function computeRow({ flops, flops_method }: ExperimentResult): Row {
  const executed = flops["executed_flop"];
  if (executed === undefined || !isAvailable(executed)) {
    return { label: "compute", text: `unavailable: ${executed?.detail ?? "the model's shape is unknown"}` };
  }
  const rate = flops["flop_per_second"];
  const perToken = flops["flop_per_output_token"];
  const method = flops_method === null ? undefined : `${flops_method.method}, ${flops_method.confidence}`;
  return {
    label: "compute",
    text: join([shown(executed, "executed"), perToken && shown(perToken, ""), rate && shown(rate, ""), method]),
  };
}

function memoryRow({ memory, utilisation }: ExperimentResult): Row {
  const device = memory["device_peak"];
  const cpu = utilisation["cpu_utilisation"];
  const peak = memory["process_peak"];
  const parts = [
    peak && shown(peak, "peak"),
    memory["process_mean"] && shown(memory["process_mean"], "mean"),
    device && shown(device, "on devices, peak"),
    cpu && shown(cpu, "of the CPU"),
  ];
  const text = join(parts);
  return {
    label: "memory",
    text: text === "" ? `unavailable: ${peak && !isAvailable(peak) ? peak.detail : "not read"}` : text,
  };
}

function warmupRow({ warmup }: ExperimentResult): Row[] {
  if (warmup === null) return [];
  const cv = isAvailable(warmup.cv) ? ` (CV ${(warmup.cv.value * 100).toFixed(1)} %)` : "";
  const goal = `target CV ${(warmup.target_cv * 100).toFixed(1)} %`;
  const texts = {
    converged: `converged after ${warmup.runs} of ≤ ${warmup.limit} runs${cv}`,
    "not-reached": `not reached in ${warmup.runs} runs${cv}, ${goal}: figures may still drift`,
    skipped: "switched off",
  };
  return [{ label: "warm-up", text: texts[warmup.status] }];
}

/** The first line: what was measured, on what, with how much work. */
export function headline(result: ExperimentResult): string {
  const { model, engine, workload, tokens, windows } = result;
  const work = workload === null || tokens === null ? undefined : workText(workload, tokens, windows.length);
  const count = windows.length === 0 ? undefined : observed(result);
  const name = `${model?.name ?? result.name} on ${engine.name} ${engine.version}${deviceText(engine)}`;
  return join([name, work, count, ...marksOf(result)]);
}

const deviceText = ({ devices = [] }: ExperimentResult["engine"]): string =>
  devices.some((device) => device !== "cpu") ? ` (${devices.join(", ")})` : "";

/** What a reader must know before the figures. */
const marksOf = ({ model, status, quality }: ExperimentResult): (string | undefined)[] => [
  model?.synthetic === true ? "SYNTHETIC random weights" : undefined,
  status === "completed" ? undefined : status.toUpperCase(),
  status === "completed" && quality.verdict === "invalid" ? "INVALID, figures withheld" : undefined,
];

function workText(workload: WorkloadRecord, tokens: TokenCounts, windows: number): string {
  const requests = workload.requests * Math.max(1, windows);
  const each = (count: number): string => {
    const mean = count / requests;
    return requests === 0 ? "-" : `${Number.isInteger(mean) ? "" : "~"}${Math.round(mean)}`;
  };
  return `${workload.requests} prompts × ${each(tokens.input)} in / ${each(tokens.output)} out${parallelText(workload)}`;
}

function parallelText({ batching, batch_size, concurrency, requests }: WorkloadRecord): string {
  if (batching === "dynamic")
    return concurrency > 1 ? `, ${concurrency} dynamic batches at a time` : ", dynamic batches";
  const side = Math.min(requests, batch_size * concurrency);
  return side > 1 ? `, ${side} at a time` : "";
}

/** The figures of a completed experiment, one line each. */
function figureRows(result: ExperimentResult): Row[] {
  return [
    throughputRow(result),
    ...latencyRows(result),
    energyRow(result),
    ...loadRows(result),
    computeRow(result),
    memoryRow(result),
    ...warmupRow(result),
  ];
}

/** What went wrong: where, in the engine's own words, and what to do; nothing for a result without a failure. */
export function failureLines({ failure }: ExperimentResult): string[] {
  if (failure === null) return [];
  const said =
    failure.engine_error === undefined ? "" : `${failure.engine_error.type}: ${failure.engine_error.message}`;
  const own = said === "" || failure.message.includes(said) ? [] : [`  ${said}`];
  const tail = failure.engine_error === undefined ? failure.log_tail.slice(-5).map((line) => `  │ ${line}`) : [];
  const hint = failure.hint === undefined ? [] : [`  try: ${failure.hint}`];
  const ended = failure.code === "run.interrupted" ? "interrupted" : "failed";
  return [`  ${ended} in ${failure.phase}: ${failure.message}   ${failure.code}`, ...own, ...tail, ...hint];
}

function findingLines({ quality }: ExperimentResult, verbose: boolean): string[] {
  return quality.findings
    .filter((finding) => verbose || finding.severity !== "info")
    .map((finding) => `  ${finding.severity === "info" ? "·" : "!"} ${finding.message}   ${finding.code}`);
}

/**
 * One screen for a person: the figure first, its doubt beside it, what is missing said with its reason.
 * A failed experiment shows no figures, only what happened; nor does a result that contradicts itself.
 */
export function summaryLines(result: ExperimentResult, options: { readonly verbose?: boolean } = {}): string[] {
  const rows = result.status === "completed" && result.quality.verdict !== "invalid" ? figureRows(result) : [];
  const figures = rows.map(({ label, text }) => `  ${label.padEnd(LABEL_WIDTH)} ${text}`);
  const notes = [...failureLines(result), ...findingLines(result, options.verbose ?? false)];
  return [headline(result), "", ...figures, ...(figures.length > 0 && notes.length > 0 ? [""] : []), ...notes];
}
