import { LemError } from "@lem/domain";

/** Recorded instants and powers of one domain, in ascending order of time. */
export interface SeriesPoints {
  readonly t_ns: readonly number[];
  readonly power_w: readonly number[];
}

/** A time without samples, from the last sample before it to the first one after it. */
export interface SeriesGap {
  readonly from_ns: number;
  readonly to_ns: number;
}

/** A sample later than this many median intervals after its predecessor leaves a gap. */
const GAP_FACTOR = 5;

/**
 * The power of one domain as a function that is constant between samples: sample i is the mean power over
 * (t[i-1], t[i]], so that the energy between any two instants is exact. The first sample only marks where the
 * series begins.
 */
export class PowerSeries {
  readonly #times: Float64Array;
  readonly #powers: Float64Array;
  /** Energy from the beginning to each instant, in joules. */
  readonly #energy: Float64Array;
  /** Where samples are missing: at least {@link GAP_FACTOR} median intervals apart. */
  readonly gaps: readonly SeriesGap[];
  /** Between which instants the power is not known: it is NaN, and counts as none in every energy. */
  readonly #unknown: readonly SeriesGap[];

  /** @throws LemError `energy.trace` with fewer than two samples, or times that do not ascend */
  constructor({ t_ns, power_w }: SeriesPoints) {
    this.#times = Float64Array.from(t_ns);
    this.#powers = Float64Array.from(power_w);
    this.#energy = accumulate(this.#times, this.#powers);
    this.gaps = findGaps(this.#times);
    this.#unknown = findUnknown(this.#times, this.#powers);
  }

  /** The instant of the first sample. */
  get beginNs(): number {
    return this.#times[0] ?? Number.NaN;
  }

  /** The instant of the last sample. */
  get endNs(): number {
    return this.#times.at(-1) ?? Number.NaN;
  }

  /** Joules from the beginning to an instant; held constant outside the series. */
  energyUntil(t_ns: number): number {
    const after = this.#firstAtOrAfter(t_ns);
    if (after === 0) return 0;
    const before = after - 1;
    if (after === this.#times.length) return this.#energy[before] ?? 0;
    return (this.#energy[before] ?? 0) + (knownPower(this.#powers[after]) * (t_ns - (this.#times[before] ?? 0))) / 1e9;
  }

  /** True when samples are missing somewhere between two instants. */
  hasGapBetween(from_ns: number, to_ns: number): boolean {
    return overlaps(this.gaps, from_ns, to_ns);
  }

  /** True when a power between two instants is NaN: the energy between them is not known. */
  isUnknownBetween(from_ns: number, to_ns: number): boolean {
    return overlaps(this.#unknown, from_ns, to_ns);
  }

  /** The samples after one instant up to another. */
  *samplesBetween(from_ns: number, to_ns: number): Generator<{ readonly t_ns: number; readonly power_w: number }> {
    for (let i = this.#firstAtOrAfter(from_ns); i < this.#times.length; i++) {
      const t_ns = this.#times[i] ?? 0;
      if (t_ns > to_ns) return;
      if (t_ns > from_ns && i > 0) yield { t_ns, power_w: this.#powers[i] ?? 0 };
    }
  }

  #firstAtOrAfter(t_ns: number): number {
    let low = 0;
    let high = this.#times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#times[middle] ?? 0) < t_ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const knownPower = (power_w: number | undefined): number =>
  power_w === undefined || Number.isNaN(power_w) ? 0 : power_w;

function accumulate(times: Float64Array, powers: Float64Array): Float64Array {
  if (times.length < 2) throw new LemError("energy.trace", "a power series needs at least two samples");
  const energy = new Float64Array(times.length);
  for (let i = 1; i < times.length; i++) {
    const length = (times[i] ?? 0) - (times[i - 1] ?? 0);
    if (!(length > 0))
      throw new LemError("energy.trace", `sample ${i + 1} of a domain is not later than the one before it`);
    energy[i] = (energy[i - 1] ?? 0) + (knownPower(powers[i]) * length) / 1e9;
  }
  return energy;
}

const overlaps = (gaps: readonly SeriesGap[], from_ns: number, to_ns: number): boolean =>
  gaps.some((gap) => gap.from_ns < to_ns && gap.to_ns > from_ns);

function findUnknown(times: Float64Array, powers: Float64Array): readonly SeriesGap[] {
  const unknown: SeriesGap[] = [];
  powers.forEach((power, index) => {
    if (index > 0 && Number.isNaN(power)) unknown.push({ from_ns: times[index - 1] ?? 0, to_ns: times[index] ?? 0 });
  });
  return unknown;
}

function findGaps(times: Float64Array): readonly SeriesGap[] {
  const lengths = times.slice(1).map((time, index) => time - (times[index] ?? 0));
  const median = lengths.toSorted()[lengths.length >>> 1] ?? 0;
  const gaps: SeriesGap[] = [];
  lengths.forEach((length, index) => {
    if (length >= GAP_FACTOR * median) gaps.push({ from_ns: times[index] ?? 0, to_ns: times[index + 1] ?? 0 });
  });
  return gaps;
}
