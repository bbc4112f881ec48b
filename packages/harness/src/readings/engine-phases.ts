import { measured, ratioOf, unavailable, type MetricTag, type Reading, type UnavailableReading } from "@lem/domain";
import type { Recording } from "../energy/recording.ts";
import type { MeasuredWindow } from "../measurement.ts";
import { phaseParts, type PhaseParts } from "../phase-split/phase-energy.ts";
import type { SegmentKind } from "../phase-split/segment.ts";
import { phaseSegments } from "../phase-split/segments.ts";
import { withInterval } from "./energy.ts";

type PhaseTag = Extract<MetricTag, `${SegmentKind}_${string}` | "phase_residual">;
type PhaseReadings = Readonly<Record<PhaseTag, Reading>>;

/** A window as far as its phases depend on it. */
export type PhaseEvidence = Pick<MeasuredWindow, "record" | "energy" | "end_ns" | "timelines" | "steps">;

/** Fewer power samples within a phase do not tell its energy. */
const FEWEST_SAMPLES = 3;
/** The energy of a phase that changes by more than this when its edges move by one power sample is not known. */
const MOST_EDGE_ERROR = 0.25;

/** Time and energy of prefill and decoding over the windows. */
export function phaseReadings(windows: readonly PhaseEvidence[], recordings: readonly Recording[]): PhaseReadings {
  const parts: PhaseParts[] = [];
  let source = "";
  for (const { record, energy, end_ns, timelines, steps } of windows) {
    const found = phaseSegments(timelines, steps);
    if ("status" in found) return missingPhases(found);
    source = found.source;
    parts.push(phaseParts(found, { origin_ns: record.origin_ns, end_ns, energy }, recordings));
  }
  const gain = Math.max(0, ...recordings.map(({ sensor }) => sensor.relative_gain_error));
  const figures = (some: readonly PhaseParts[]): PhaseReadings => figuresOf(some, { source, gain });
  const whole = figures(parts);
  const single = parts.map((part) => figures([part]));
  const between = (tag: PhaseTag): Reading =>
    withInterval(
      whole[tag],
      single.map((each) => each[tag]),
    );
  return {
    ...whole,
    prefill_joules_per_input_token: between("prefill_joules_per_input_token"),
    decode_joules_per_output_token: between("decode_joules_per_output_token"),
  };
}

/** The same reason for every figure of the engine's phases. */
export const missingPhases = (reading: UnavailableReading): PhaseReadings => ({
  prefill_time: reading,
  decode_time: reading,
  mixed_time: reading,
  prefill_j: reading,
  decode_j: reading,
  mixed_j: reading,
  prefill_joules_per_input_token: reading,
  decode_joules_per_output_token: reading,
  phase_residual: reading,
});

interface About {
  readonly source: string;
  /** The largest gain error of the sensors. */
  readonly gain: number;
}

function figuresOf(parts: readonly PhaseParts[], about: About): PhaseReadings {
  const time = (kind: SegmentKind): Reading =>
    measured({
      value: sum(parts, (each) => each.parts[kind].seconds),
      unit: "s",
      source: `${about.source}, CLOCK_MONOTONIC`,
      n: parts.length,
    });
  const energy = (kind: SegmentKind): Reading => energyOfPhase(parts, kind, about);
  const tokens = (kind: "prefill" | "decode", of: TokenCount): Reading => tokensOfPhase(parts, [kind, of], about);
  const perToken = (top: Reading, bottom: Reading): Reading =>
    ratioOf(top, bottom, { unit: "J/token", source: `power samples over ${about.source}` });
  const [prefill_j, decode_j] = [energy("prefill"), energy("decode")];
  return {
    prefill_time: time("prefill"),
    decode_time: time("decode"),
    mixed_time: time("mixed"),
    prefill_j,
    decode_j,
    mixed_j: energy("mixed"),
    prefill_joules_per_input_token: perToken(prefill_j, tokens("prefill", "prompt_tokens")),
    decode_joules_per_output_token: perToken(decode_j, tokens("decode", "decoded_tokens")),
    phase_residual: residual(parts),
  };
}

type TokenCount = "prompt_tokens" | "decoded_tokens";

/** Steps of one phase alone that have a smaller share of its tokens do not stand for it. */
const LEAST_SHARE = 0.1;

function tokensOfPhase(
  parts: readonly PhaseParts[],
  [kind, of]: readonly ["prefill" | "decode", TokenCount],
  { source }: About,
): Reading {
  const value = sum(parts, (each) => each.parts[kind][of]);
  const share = value / (value + sum(parts, (each) => each.parts.mixed[of]));
  if (share >= LEAST_SHARE) return measured({ value, unit: "token", source });
  const detail = `only ${(100 * share).toFixed(1)} % of its tokens were computed in steps of ${kind} alone`;
  return unavailable("too-few-samples", detail);
}

const sum = <T>(values: readonly T[], of: (value: T) => number): number =>
  values.reduce((all, value) => all + of(value), 0);

function energyOfPhase(parts: readonly PhaseParts[], kind: SegmentKind, { source, gain }: About): Reading {
  const missing = missingTotal(parts);
  if (missing !== undefined) return missing;
  const energies = parts.flatMap((each) => each.parts[kind].energy ?? []);
  const energy_j = sum(energies, (each) => each.energy_j);
  const samples = sum(energies, (each) => each.samples);
  if (sum(parts, (each) => each.parts[kind].seconds) === 0)
    return unavailable("not-applicable", `no time of the windows was ${kind} alone`);
  if (samples < FEWEST_SAMPLES)
    return unavailable("too-few-samples", `${kind} holds ${samples} whole power samples; it takes ${FEWEST_SAMPLES}`);
  const edge = Math.max(
    ...[0, 1].map((at) => Math.abs(sum(energies, (each) => each.shifted_j[at] ?? 0) / energy_j - 1)),
  );
  if (edge > MOST_EDGE_ERROR) {
    const percent = (100 * edge).toFixed(0);
    return unavailable(
      "too-few-samples",
      `${kind} is too short at a time: one power sample moves its energy by ${percent} %`,
    );
  }
  return measured({
    value: energy_j,
    unit: "J",
    source: `power samples over ${source}`,
    systematic: { relative: gain + edge, source: "gain of the sensor; edges of the phase moved by one power sample" },
    n: samples,
  });
}

const missingTotal = (parts: readonly PhaseParts[]): UnavailableReading | undefined =>
  parts.flatMap(({ total_j }) => (typeof total_j === "number" ? [] : [total_j]))[0];

/** What is in neither phase: mixed steps, and the time between steps. */
function residual(parts: readonly PhaseParts[]): Reading {
  const missing = missingTotal(parts);
  if (missing !== undefined) return missing;
  const whole = sum(parts, ({ total_j }) => (typeof total_j === "number" ? total_j : 0));
  const told = sum(
    parts,
    (each) => (each.parts.prefill.energy?.energy_j ?? 0) + (each.parts.decode.energy?.energy_j ?? 0),
  );
  const value = Math.max(0, 1 - told / whole);
  return measured({
    value,
    unit: "ratio",
    source: "power samples outside prefill and decoding / all",
    n: parts.length,
  });
}
