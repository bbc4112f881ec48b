import { LemError, nanoseconds, unavailable, type GapRecord, type Nanoseconds } from "@lem/domain";
import { PowerSeries } from "./power-series.ts";
import type { Recording } from "./recording.ts";
import type { DomainEnergy, EnergySampler, PowerSample } from "./sampler.ts";
import type { PowerTrace, TraceHeader } from "./trace-file.ts";

/** Reads CLOCK_MONOTONIC. */
export type MonotonicClock = () => Nanoseconds;

const hostClock: MonotonicClock = () => nanoseconds(Number(process.hrtime.bigint()));

/**
 * Plays a recorded power trace as if it were sampled now: its common time range is laid on the run's clock at `start`
 * and repeated for as long as the run lasts. Energy is the exact integral of the recorded mean powers.
 */
export class ReplaySampler implements EnergySampler {
  readonly name = "replay";
  readonly live = false;
  readonly #header: TraceHeader;
  readonly #series: ReadonlyMap<string, PowerSeries>;
  readonly #clock: MonotonicClock;
  readonly #beginNs: number;
  readonly #loopNs: number;
  #startNs: number | undefined;
  #stopNs: number | undefined;

  /** @throws LemError `energy.trace` when the domains of the trace have no time in common */
  constructor(trace: PowerTrace, clock: MonotonicClock = hostClock) {
    this.#header = trace.header;
    this.#clock = clock;
    this.#series = seriesByDomain(trace);
    const all = [...this.#series.values()];
    this.#beginNs = Math.max(...all.map((series) => series.beginNs));
    this.#loopNs = Math.min(...all.map((series) => series.endNs)) - this.#beginNs;
    if (!(this.#loopNs > 0)) throw new LemError("energy.trace", "the trace has no time that all its domains share");
  }

  start(): Promise<void> {
    this.#startNs = this.#clock();
    this.#stopNs = undefined;
    return Promise.resolve();
  }

  async energyBetween(from: Nanoseconds, to: Nanoseconds): Promise<readonly DomainEnergy[]> {
    const start = this.#started();
    if (from < start || to < from) {
      throw new LemError("internal.bug", "energy was asked for an interval that is not within the sampling", {
        context: { from, to, start },
      });
    }
    return [...this.#series].map(([domain, series]) => this.#energyOf(domain, series, [from - start, to - start]));
  }

  samples(): readonly PowerSample[] {
    return [...this.#series]
      .flatMap(([domain, series]) =>
        [...this.#loops()].flatMap(({ shift, until }) =>
          Array.from(series.samplesBetween(this.#beginNs, until), ({ t_ns, power_w }) => ({
            domain,
            t_ns: nanoseconds(t_ns + shift),
            power_w,
          })),
        ),
      )
      .toSorted((a, b) => a.t_ns - b.t_ns);
  }

  gaps(): readonly GapRecord[] {
    return [...this.#series].flatMap(([domain, series]) =>
      [...this.#loops()].flatMap(({ shift, until }) =>
        series.gaps
          .map((gap) => ({ from: Math.max(gap.from_ns, this.#beginNs), to: Math.min(gap.to_ns, until) }))
          .filter(({ from, to }) => to > from)
          .map(({ from, to }) => ({
            kind: "samples" as const,
            stream: domain,
            start_ns: from + shift,
            length_s: (to - from) / 1e9,
          })),
      ),
    );
  }

  /** A trace has no machine whose state could be read. */
  readState(): Promise<void> {
    return Promise.resolve();
  }

  recordings(): readonly Recording[] {
    return [];
  }

  stop(): Promise<void> {
    if (this.#startNs !== undefined) this.#stopNs ??= this.#clock();
    return Promise.resolve();
  }

  #started(): number {
    if (this.#startNs !== undefined) return this.#startNs;
    throw new LemError("internal.bug", "energy was asked for before the sampler was started");
  }

  /** Energy between two times since the start. */
  #energyOf(domain: string, series: PowerSeries, [from, to]: readonly [number, number]): DomainEnergy {
    if (this.#meetsGap(series, from, to)) {
      return { domain, ...unavailable("read-failed", `the power samples of ${domain} have a gap within the window`) };
    }
    const { source, device, relative_gain_error } = this.#header;
    const energy_j = this.#energySinceStart(series, to) - this.#energySinceStart(series, from);
    return { status: "measured", domain, energy_j, source: `replay of ${source} on ${device}`, relative_gain_error };
  }

  #energySinceStart(series: PowerSeries, sinceStart: number): number {
    const loops = Math.floor(sinceStart / this.#loopNs);
    const until = (t_ns: number): number =>
      series.energyUntil(this.#beginNs + t_ns) - series.energyUntil(this.#beginNs);
    return loops * until(this.#loopNs) + until(sinceStart - loops * this.#loopNs);
  }

  #meetsGap(series: PowerSeries, from: number, to: number): boolean {
    const begin = this.#beginNs;
    const end = begin + this.#loopNs;
    const [first, last] = [from, to].map((time) => Math.floor(time / this.#loopNs)) as [number, number];
    const local = (time: number, loop: number): number => begin + time - loop * this.#loopNs;
    if (first === last) return series.hasGapBetween(local(from, first), local(to, last));
    const whole = last - first > 1 && series.hasGapBetween(begin, end);
    return whole || series.hasGapBetween(local(from, first), end) || series.hasGapBetween(begin, local(to, last));
  }

  /** Each repetition up to now: what moves recorded times onto the run's clock, and how far it has come. */
  *#loops(): Generator<{ readonly shift: number; readonly until: number }> {
    if (this.#startNs === undefined) return;
    const played = (this.#stopNs ?? this.#clock()) - this.#startNs;
    for (let at = 0; at < played; at += this.#loopNs) {
      const until = this.#beginNs + Math.min(this.#loopNs, played - at);
      yield { shift: this.#startNs + at - this.#beginNs, until };
    }
  }
}

function seriesByDomain(trace: PowerTrace): ReadonlyMap<string, PowerSeries> {
  const points = new Map<string, { t_ns: number[]; power_w: number[] }>();
  for (const { domain, t_ns, power_w } of trace.samples) {
    const own = points.get(domain) ?? { t_ns: [], power_w: [] };
    own.t_ns.push(t_ns);
    own.power_w.push(power_w);
    points.set(domain, own);
  }
  if (points.size === 0) throw new LemError("energy.trace", "the trace holds no samples");
  return new Map([...points].map(([domain, own]) => [domain, new PowerSeries(own)]));
}
