import { setTimeout as sleep } from "node:timers/promises";
import { LemError, nanoseconds, type GapRecord, type Nanoseconds } from "@lem/domain";
import { PowerSeries } from "./power-series.ts";
import { pointsOf, type Recording } from "./recording.ts";
import type { DomainEnergy, EnergyQuestion, EnergySampler, PowerSample } from "./sampler.ts";
import type { EnergySensor, Moment } from "./sensor.ts";
import { energiesBetween } from "./window-energy.ts";

/** Milliseconds between two attempts to read past an instant; the driver's samples come 20 ms after it and more. */
const WAIT_MS = 40;
const ATTEMPTS = 25;

const monotonic = (): number => Number(process.hrtime.bigint());

/** Samples this machine's energy sensors, all at the same time. */
export class LiveSampler implements EnergySampler {
  readonly name: string;
  readonly live = true;
  readonly #sensors: readonly EnergySensor[];
  #startNs: number | undefined;
  #kept: readonly Recording[] | undefined;

  constructor(name: string, sensors: readonly EnergySensor[]) {
    this.name = name;
    this.#sensors = sensors;
  }

  async start(): Promise<void> {
    if (this.#startNs !== undefined) return;
    await Promise.all(this.#sensors.map((sensor) => sensor.start()));
    this.#startNs = monotonic();
  }

  async energyBetween(
    from: Nanoseconds,
    to: Nanoseconds,
    about: EnergyQuestion = {},
  ): Promise<readonly DomainEnergy[]> {
    const start = this.#startNs;
    if (start === undefined || from < start || to < from) {
      throw new LemError("internal.bug", "energy was asked for an interval that is not within the sampling", {
        context: { from, to, ...(start === undefined ? {} : { start }) },
      });
    }
    await this.readUntil(to);
    return energiesBetween(this.recordings(), [from, to], about);
  }

  /** Waits until every sensor has told of the time until an instant, or until it is clear that it will not. */
  async readUntil(t_ns: number): Promise<void> {
    if (this.#kept !== undefined) return;
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      await Promise.all(this.#sensors.map((sensor) => sensor.readUntil(t_ns)));
      if (this.#sensors.every((sensor) => sensor.reaches(t_ns))) return;
      await sleep(WAIT_MS);
    }
  }

  async readState(when: Moment): Promise<void> {
    await Promise.all(this.#sensors.map((sensor) => sensor.readState(when)));
  }

  recordings(): readonly Recording[] {
    return this.#kept ?? this.#sensors.map((sensor) => sensor.recording());
  }

  samples(): readonly PowerSample[] {
    const start = this.#startNs ?? Infinity;
    return this.recordings()
      .flatMap((recording) => {
        const { t_ns, value } = pointsOf(recording, "power");
        return Array.from(t_ns, (time, index) => ({
          domain: recording.sensor.domain,
          t_ns: nanoseconds(time),
          power_w: value[index] ?? 0,
        }));
      })
      .filter(({ t_ns }) => t_ns >= start)
      .toSorted((a, b) => a.t_ns - b.t_ns);
  }

  gaps(): readonly GapRecord[] {
    return this.recordings().flatMap((recording) => {
      const { t_ns, value } = pointsOf(recording, "power");
      if (t_ns.length < 2) return [];
      return new PowerSeries({ t_ns: [...t_ns], power_w: [...value] }).gaps.map(({ from_ns, to_ns }) => ({
        kind: "samples" as const,
        stream: recording.sensor.domain,
        start_ns: from_ns,
        length_s: (to_ns - from_ns) / 1e9,
      }));
    });
  }

  async stop(): Promise<void> {
    if (this.#kept !== undefined) return;
    await Promise.all(this.#sensors.map((sensor) => sensor.stop()));
    this.#kept = this.#sensors.map((sensor) => sensor.recording());
  }
}
