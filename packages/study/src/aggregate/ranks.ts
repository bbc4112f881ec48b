import {
  isAvailable,
  latencyReadings,
  modelled,
  seconds,
  throughputReadings,
  unavailable,
  unavailableDistribution,
  type ExperimentResult,
  type Reading,
  type RequestTimeline,
  type UnavailableReading,
  type WindowRecord,
} from "@lem/domain";
import { recomputeEnergy, type RawEnergy, type Recording } from "@lem/harness";
import { combineFigures, sectionOf, type FigureSection } from "./figures.ts";

/** What a rank recorded; read only where several ranks must be put together. */
export interface RankStreams {
  /** Null where its requests are missing. */
  readonly timelines: readonly RequestTimeline[] | null;
  /** Null where no sensor sampled its machine. */
  readonly energy: RawEnergy | null;
}

/** What one process of a cycle measured. */
export interface RankResult {
  readonly result: ExperimentResult;
  readonly streams?: RankStreams;
}

type Ranks = readonly [RankResult, RankResult, ...RankResult[]];

/**
 * The result of the processes that measured one cycle together, computed again from what they recorded: their work is
 * added up over the time that all of them span, their requests are one population, and each domain of power is counted
 * once, however many of them sampled it. A cycle of which one process failed is that failure.
 */
export function combineRanks(ranks: readonly RankResult[]): ExperimentResult {
  const [first, second, ...others] = ranks as Ranks;
  if (second === undefined) return first.result;
  const failed = ranks.find(({ result }) => result.status !== "completed");
  return failed === undefined ? together([first, second, ...others]) : failed.result;
}

function together(ranks: Ranks): ExperimentResult {
  const results = ranks.map(({ result }) => result);
  const [{ result: base }] = ranks;
  const windows = spannedWindows(results);
  const timelines = ranks.map(({ streams }) => streams?.timelines ?? null);
  return {
    ...base,
    engine: { ...base.engine, devices: [...new Set(results.flatMap(({ engine }) => engine.devices ?? []))] },
    workload: base.workload && { ...base.workload, requests: total(results, ({ workload }) => workload?.requests) },
    tokens: base.tokens && {
      input: total(results, ({ tokens }) => tokens?.input),
      output: total(results, ({ tokens }) => tokens?.output),
    },
    windows: "status" in windows ? [] : windows,
    throughput: throughputOf(windows),
    latency: timelines.every((own) => own !== null) ? latencyReadings(timelines.flat()) : NO_LATENCY,
    ...energyOf(ranks, windows),
    flops: { ...summed(results, "flops"), flop_per_output_token: PER_RANK },
    memory: summed(results, "memory"),
    utilisation: averaged(results, "utilisation"),
    cache: averaged(results, "cache"),
    steady: perRank(results, "steady"),
    engine_phases: perRank(results, "engine_phases"),
  };
}

const PER_RANK = unavailable("not-applicable", "of several processes: the raw result of each has its own");
const APART = unavailable("not-applicable", "the processes did not work side by side: their rates do not add up");
const SEVERAL_CLOCKS = unavailable(
  "not-applicable",
  "the processes worked on several machines, whose clocks are not one: each has its own rates and energy",
);
const UNSAMPLED = unavailable(
  "read-failed",
  "the power of a process was not sampled: the others' would not be all of it",
);
const NO_STREAMS = unavailableDistribution(
  unavailable("read-failed", "the recorded requests of a process are missing"),
);
const NO_LATENCY = { ttft: NO_STREAMS, itl: NO_STREAMS, tpot: NO_STREAMS, e2e: NO_STREAMS };

const total = (results: readonly ExperimentResult[], of: (result: ExperimentResult) => number | undefined): number =>
  results.reduce((sum, result) => sum + (of(result) ?? 0), 0);

/** Share of the time that all processes span in which all of them must have worked. */
const TOGETHER = 0.9;

/** The windows of all processes, each from the first start to the last end; or why there are none of all. */
function spannedWindows(results: readonly ExperimentResult[]): SpannedWindows {
  if (new Set(results.flatMap(bootOf)).size > 1) return SEVERAL_CLOCKS;
  const count = Math.min(...results.map(({ windows }) => windows.length));
  const spans = Array.from({ length: count }, (_, index) =>
    spanOf(results.flatMap(({ windows }) => windows[index] ?? [])),
  );
  return spans.every((span) => span !== undefined) && spans.length > 0 ? spans : APART;
}

type SpannedWindows = readonly WindowRecord[] | UnavailableReading;

/** The boot whose clock a process read; nothing in older results. */
function bootOf({ environment }: ExperimentResult): readonly string[] {
  const { boot } = environment.facts.clock;
  return boot?.status === "measured" && typeof boot.value === "string" ? [boot.value] : [];
}

function spanOf(windows: readonly WindowRecord[]): WindowRecord | undefined {
  const ends = windows.map(({ origin_ns, length_s }) => origin_ns + length_s * 1e9);
  const [from, to] = [Math.min(...windows.map(({ origin_ns }) => origin_ns)), Math.max(...ends)];
  const shared = Math.min(...ends) - Math.max(...windows.map(({ origin_ns }) => origin_ns));
  const [first] = windows;
  if (first === undefined || shared < TOGETHER * (to - from)) return undefined;
  const sum = (of: (window: WindowRecord) => number): number => windows.reduce((all, window) => all + of(window), 0);
  return {
    window: first.window,
    origin_ns: from,
    length_s: (to - from) / 1e9,
    input_tokens: sum(({ input_tokens }) => input_tokens),
    output_tokens: sum(({ output_tokens }) => output_tokens),
    completed: sum(({ completed }) => completed),
    cpu_s: windows.every(({ cpu_s }) => cpu_s !== null) ? sum(({ cpu_s }) => cpu_s ?? 0) : null,
  };
}

function throughputOf(windows: SpannedWindows): ExperimentResult["throughput"] {
  if ("status" in windows)
    return { output_tokens_per_second: windows, total_tokens_per_second: windows, requests_per_second: windows };
  return throughputReadings(windows.map((window) => ({ ...window, length_s: seconds(window.length_s) })));
}

type Energy = Pick<ExperimentResult, "energy" | "baseline" | "sensors" | "thermal">;

/** Each board by the recording that lasts longest, over the time that all processes span. */
function energyOf(ranks: Ranks, windows: SpannedWindows): Energy {
  const [{ result, streams }] = ranks;
  const recordings = ranks.flatMap((rank) => rank.streams?.energy?.recordings ?? []);
  const own = streams?.energy ?? null;
  const { energy, baseline, thermal, sensors } = result;
  const others = { baseline, thermal, ...(sensors !== undefined && { sensors }) };
  if (own === null || recordings.length === 0) return { energy, ...others };
  const none = (why: Reading): Energy => ({
    energy: Object.fromEntries(Object.keys(energy).map((tag) => [tag, why])),
    ...others,
  });
  if (ranks.some((rank) => (rank.streams?.energy ?? null) === null)) return none(UNSAMPLED);
  if ("status" in windows) return none(windows);
  return recomputeEnergy({ windows, engine: result.engine }, { ...own, recordings: boardsOf(recordings) });
}

/** One recording of each board, under a name of its own: in two containers each may have its own `gpu0`. */
function boardsOf(recordings: readonly Recording[]): readonly Recording[] {
  const byBoard = Map.groupBy(recordings, ({ sensor, states }) => `${sensor.domain} ${states[0]?.device_id ?? ""}`);
  const longest = [...byBoard.values()].flatMap(
    (same) => same.toSorted((a, b) => samplesIn(b.streams) - samplesIn(a.streams))[0] ?? [],
  );
  const names = new Map<string, number>();
  return longest.map((recording) => {
    const { domain } = recording.sensor;
    const before = names.get(domain) ?? 0;
    names.set(domain, before + 1);
    return before === 0
      ? recording
      : { ...recording, sensor: { ...recording.sensor, domain: `${domain}-${before + 1}` } };
  });
}

const samplesIn = (streams: RawEnergy["recordings"][number]["streams"]): number =>
  Math.max(0, ...[...streams.values()].map(({ t_ns }) => t_ns.length));

type Readings = Readonly<Record<string, Reading>>;

/** What each process has for itself adds up; it is modelled, as their peaks need not coincide. */
const summed = (results: readonly ExperimentResult[], section: FigureSection): Readings =>
  folded(results, section, (values) => values.reduce((sum, value) => sum + value, 0), "sum");

const averaged = (results: readonly ExperimentResult[], section: FigureSection): Readings =>
  folded(results, section, (values) => values.reduce((sum, value) => sum + value, 0) / values.length, "mean");

function folded(
  results: readonly ExperimentResult[],
  section: FigureSection,
  fold: (values: readonly number[]) => number,
  how: string,
): Readings {
  const trees = results.map((result) => sectionOf(result, section));
  return combineFigures(trees, (readings) => foldReadings(readings, fold, how), section) as Readings;
}

function foldReadings(
  readings: readonly (Reading | undefined)[],
  fold: (values: readonly number[]) => number,
  how: string,
): Reading {
  const missing = readings.find((reading) => reading === undefined || !isAvailable(reading));
  const present = readings.filter((reading) => reading !== undefined).filter(isAvailable);
  const [first] = present;
  if (first === undefined || present.length < readings.length) return missing ?? PER_RANK;
  const source = `${how} of ${present.length} processes: ${first.source}`;
  return modelled({ value: fold(present.map(({ value }) => value)), unit: first.unit, source });
}

/** A section whose figures each process has for itself only. */
const perRank = (results: readonly ExperimentResult[], section: FigureSection): Readings =>
  combineFigures(
    results.map((result) => sectionOf(result, section)),
    () => PER_RANK,
    section,
  ) as Readings;
