import { quantile, sortSamples, type UnavailableReading } from "@lem/domain";
import { firstAtOrAfter, pointsOf, type Recording } from "../energy/recording.ts";
import { energyOf, type WindowEnergy } from "../load/energy-until.ts";
import type { EnergyUntil } from "../load/load-series.ts";
import { SEGMENT_KINDS, type Segment, type SegmentKind } from "./segment.ts";
import type { PhaseSegments } from "./segments.ts";

/** What one phase took. */
export interface PhasePart {
  readonly seconds: number;
  readonly prompt_tokens: number;
  readonly decoded_tokens: number;
  /** Null where the window has no energy. */
  readonly energy: PhaseEnergy | null;
}

/** The energy of one phase. */
export interface PhaseEnergy {
  readonly energy_j: number;
  /** The same with all edges one power sample earlier, and later. */
  readonly shifted_j: readonly [number, number];
  /** Power samples that lie whole within the phase, of the domain with the fewest. */
  readonly samples: number;
}

/** The phases of a window, and its whole energy or why it has none. */
export interface PhaseParts {
  readonly parts: Readonly<Record<SegmentKind, PhasePart>>;
  readonly total_j: number | UnavailableReading;
}

/** A window as far as its phases depend on it. */
export interface PhaseWindow {
  readonly origin_ns: number;
  readonly end_ns: number;
  readonly energy: WindowEnergy;
}

/** Adds up time, tokens and energy of each phase of a window. */
export function phaseParts(
  { segments }: PhaseSegments,
  { origin_ns, end_ns, energy }: PhaseWindow,
  recordings: readonly Recording[],
): PhaseParts {
  const until = energyOf(energy, recordings);
  const known = typeof until === "function";
  const sampling = recordings.map(samplingOf);
  const partOf = (kind: SegmentKind): PhasePart => {
    const own = segments.filter((segment) => segment.kind === kind).map((segment) => placed(segment, origin_ns));
    return {
      seconds: total(own, ({ from_ns, to_ns }) => (to_ns - from_ns) / 1e9),
      prompt_tokens: total(own, ({ prompt_tokens }) => prompt_tokens),
      decoded_tokens: total(own, ({ decoded_tokens }) => decoded_tokens),
      energy: known ? phaseEnergy(own, until, sampling) : null,
    };
  };
  const parts = Object.fromEntries(SEGMENT_KINDS.map((kind) => [kind, partOf(kind)])) as PhaseParts["parts"];
  return { parts, total_j: known ? until(end_ns) - until(origin_ns) : until };
}

const placed = (segment: Segment, origin_ns: number): Segment => ({
  ...segment,
  from_ns: origin_ns + segment.from_ns,
  to_ns: origin_ns + segment.to_ns,
});

const total = (segments: readonly Segment[], of: (segment: Segment) => number): number =>
  segments.reduce((sum, segment) => sum + of(segment), 0);

interface Sampling {
  readonly t_ns: Float64Array;
  readonly interval_ns: number;
}

function samplingOf(recording: Recording): Sampling {
  const { t_ns } = pointsOf(recording, "power");
  const intervals = t_ns.subarray(1).map((time, index) => time - (t_ns[index] ?? 0));
  return { t_ns, interval_ns: intervals.length === 0 ? 0 : quantile(sortSamples(intervals), 0.5) };
}

function phaseEnergy(own: readonly Segment[], until: EnergyUntil, sampling: readonly Sampling[]): PhaseEnergy {
  const step = Math.max(0, ...sampling.map(({ interval_ns }) => interval_ns));
  const shifted = (by: number): number => total(own, ({ from_ns, to_ns }) => until(to_ns + by) - until(from_ns + by));
  const whole = sampling.map(({ t_ns }) =>
    total(own, ({ from_ns, to_ns }) => Math.max(0, firstAtOrAfter(t_ns, to_ns) - firstAtOrAfter(t_ns, from_ns) - 1)),
  );
  return { energy_j: shifted(0), shifted_j: [shifted(-step), shifted(step)], samples: Math.min(...whole) };
}
