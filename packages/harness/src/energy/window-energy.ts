import { seriesInterval, unavailable, type Interval } from "@lem/domain";
import {
  CHECKED_FROM_S,
  checkAgainstCounter,
  counterResetBetween,
  MAX_DISAGREEMENT,
  type CounterCheck,
} from "./counter-check.ts";
import { instantVoice, sideText, type InstantVoice } from "./instant-voice.ts";
import { PowerSeries } from "./power-series.ts";
import { firstAtOrAfter, pointsBetween, pointsOf, type Recording } from "./recording.ts";
import type { DomainEnergy, EnergyFault, EnergyQuestion } from "./sampler.ts";

/** A wall clock that moved by more than this against CLOCK_MONOTONIC was set, not slewed. */
export const MAX_CLOCK_STEP_US = 5000;
/** Below this share of busy samples a GPU did not run the engine. */
const MIN_BUSY = 0.01;

/** The energy of every sensor between two instants. */
export function energiesBetween(
  recordings: readonly Recording[],
  [from_ns, to_ns]: readonly [number, number],
  { gpuExpected = false }: EnergyQuestion,
): readonly DomainEnergy[] {
  const gpus = recordings.filter(({ sensor }) => sensor.domain.startsWith("gpu"));
  const wrong = gpuExpected && gpus.every((gpu) => isIdleBetween(gpu, from_ns, to_ns));
  return recordings.map((recording) =>
    windowEnergy(recording, { from_ns, to_ns, wrongDevice: wrong && gpus.includes(recording) }),
  );
}

/** What a window's energy is asked with. */
export interface WindowRequest {
  readonly from_ns: number;
  readonly to_ns: number;
  /** True when the engine ran on a GPU and none of those sampled was busy. */
  readonly wrongDevice?: boolean;
}

/**
 * The energy of one sensor between two instants: the sum over its mean-power samples, cut at the exact edges. It is
 * unavailable, with a code, as soon as anything speaks against it; from {@link CHECKED_FROM_S} on it must also agree
 * with the energy counter.
 */
export function windowEnergy(recording: Recording, request: WindowRequest): DomainEnergy {
  const { domain, source, device, relative_gain_error } = recording.sensor;
  const { from_ns, to_ns } = request;
  const objection = lossOf(recording, request) ?? sampleObjection(recording, request);
  if (objection !== undefined) {
    const [code, detail] = objection;
    return { ...unavailable("read-failed", `${domain}: ${detail} (${code})`), domain, code };
  }
  const series = seriesOf(recording);
  const check = checkOf(recording, request);
  const instant = voiceOf(recording, request);
  return {
    status: "measured",
    domain,
    energy_j: series.energyUntil(to_ns) - series.energyUntil(from_ns),
    source: `${source} on ${device}`,
    relative_gain_error,
    ...(check === undefined ? {} : { check }),
    ...(instant === undefined ? {} : { instant }),
    ...withinWindow(recording, request),
  };
}

/** How far the mean power is known from its own samples, which depend on their neighbours. */
function withinWindow(recording: Recording, { from_ns, to_ns }: WindowRequest): { readonly power_interval?: Interval } {
  const interval = seriesInterval(pointsBetween(pointsOf(recording, "power"), from_ns, to_ns).value);
  return interval === undefined ? {} : { power_interval: interval };
}

const SERIES = new WeakMap<Recording, PowerSeries>();

/** The power samples of a recording as a series; made once. */
export function seriesOf(recording: Recording): PowerSeries {
  const known = SERIES.get(recording);
  if (known !== undefined) return known;
  const { t_ns, value } = pointsOf(recording, "power");
  const series = new PowerSeries({ t_ns: [...t_ns], power_w: [...value] });
  SERIES.set(recording, series);
  return series;
}

const isChecked = ({ from_ns, to_ns }: WindowRequest): boolean => to_ns - from_ns >= CHECKED_FROM_S * 1e9;

const checkOf = (recording: Recording, request: WindowRequest): CounterCheck | undefined =>
  isChecked(request)
    ? checkAgainstCounter(recording, seriesOf(recording), [request.from_ns, request.to_ns])
    : undefined;

const voiceOf = (recording: Recording, request: WindowRequest): InstantVoice | undefined =>
  isChecked(request) ? instantVoice(recording, seriesOf(recording), [request.from_ns, request.to_ns]) : undefined;

type Objection = readonly [EnergyFault, string];

/** What speaks against a window before its samples are looked at. */
function lossOf(recording: Recording, { from_ns, to_ns, wrongDevice }: WindowRequest): Objection | undefined {
  const { lost, faults } = recording;
  if (lost !== null && lost.t_ns <= to_ns) return ["sampler-lost", lost.detail];
  const fault = faults.find((each) => CRITICAL.has(each.call) && isBlind(recording, each.t_ns, [from_ns, to_ns]));
  if (fault !== undefined) return ["sensor-failed", fault.detail];
  if (clockSteppedBetween(recording, from_ns, to_ns))
    return ["clock-step", "the wall clock, which stamps the samples, was set"];
  if (counterResetBetween(recording, from_ns, to_ns)) return ["counter-reset", "the energy counter began anew"];
  if (wrongDevice === true) return ["wrong-device", "this GPU was idle while the engine ran on a GPU"];
  return undefined;
}

/** True when a call that failed leaves a window without readings: from the last sample before it on nothing is known. */
function isBlind(recording: Recording, failed_ns: number, [from_ns, to_ns]: readonly [number, number]): boolean {
  const { t_ns } = pointsOf(recording, "power");
  const after = firstAtOrAfter(t_ns, failed_ns);
  const last_ns = t_ns[after - 1] ?? Number.NEGATIVE_INFINITY;
  return last_ns < to_ns && failed_ns >= from_ns;
}

/** What speaks against the power samples of a window. */
function sampleObjection(recording: Recording, request: WindowRequest): Objection | undefined {
  const { from_ns, to_ns } = request;
  if (pointsOf(recording, "power").t_ns.length < 2) return ["not-covered", "there are no power samples"];
  const series = seriesOf(recording);
  if (from_ns < series.beginNs || to_ns > series.endNs)
    return ["not-covered", "the power samples do not reach from edge to edge of the window"];
  if (gapMatters(recording, series, request)) return ["sample-gap", "the power samples have a gap in the window"];
  if (series.isUnknownBetween(from_ns, to_ns)) return ["counter-reset", "the counter wrapped at an unknown place"];
  const check = checkOf(recording, request);
  if (check === undefined || Math.abs(check.ratio - 1) <= MAX_DISAGREEMENT) return undefined;
  const side = sideText(voiceOf(recording, request), check.ratio);
  return ["sources-disagree", `the energy counter gives ${check.ratio.toFixed(3)} times the power samples${side}`];
}

/** A counter misses nothing between two readings: only an edge within a long time between them is not known. */
function gapMatters({ sensor }: Recording, series: PowerSeries, { from_ns, to_ns }: WindowRequest): boolean {
  if (sensor.cumulative !== true) return series.hasGapBetween(from_ns, to_ns);
  return series.hasGapBetween(from_ns, from_ns) || series.hasGapBetween(to_ns, to_ns);
}

/** Calls without which there is no energy. */
const CRITICAL: ReadonlySet<string> = new Set(["nvmlDeviceGetSamples", "nvmlDeviceGetTotalEnergyConsumption"]);

/** Nanoseconds after a step was seen until the first sample with a stamp of the clock as it is then. */
const AFTER_STEP_NS = 100e6;

/** True when the offset of the wall clock jumped between two pairs that enclose part of the interval. */
export function clockSteppedBetween(recording: Recording, from: number, to: number): boolean {
  const { t_ns, value } = pointsOf(recording, "clock_offset");
  return t_ns.some(
    (after, index) =>
      index > 0 &&
      after + AFTER_STEP_NS >= from &&
      (t_ns[index - 1] ?? 0) <= to &&
      Math.abs((value[index] ?? 0) - (value[index - 1] ?? 0)) > MAX_CLOCK_STEP_US,
  );
}

/** True when the GPU was seen between two instants and never ran a kernel. */
export function isIdleBetween(recording: Recording, from: number, to: number): boolean {
  const { t_ns, value } = pointsOf(recording, "gpu_busy");
  const inside = value.filter((_, index) => (t_ns[index] ?? 0) >= from && (t_ns[index] ?? 0) <= to);
  return inside.length > 0 && inside.every((share) => share < MIN_BUSY);
}
