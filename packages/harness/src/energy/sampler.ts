import type { GapRecord, Interval, Nanoseconds, UnavailableReading } from "@lem/domain";
import type { CounterCheck } from "./counter-check.ts";
import type { InstantVoice } from "./instant-voice.ts";
import type { Recording } from "./recording.ts";
import type { Moment } from "./sensor.ts";

/** One power sample: mean power of a domain over the time since its previous sample. */
export interface PowerSample {
  /** `gpu0`, `cpu-package-0`, `dram-0`: domains are never added silently. */
  readonly domain: string;
  readonly t_ns: Nanoseconds;
  readonly power_w: number;
}

/** Why the energy of a window is rejected; a closed list, so that programs can branch on it. */
export type EnergyFault =
  | "sampler-lost"
  | "sensor-failed"
  | "clock-step"
  | "counter-reset"
  | "wrong-device"
  | "not-covered"
  | "sample-gap"
  | "sources-disagree";

/** The energy of one domain over one interval, or why there is none. */
export type DomainEnergy =
  | {
      readonly status: "measured";
      readonly domain: string;
      readonly energy_j: number;
      readonly source: string;
      readonly relative_gain_error: number;
      /** The second source, where the interval is long enough for it. */
      readonly check?: CounterCheck;
      /** The instantaneous field, which has a voice in the verdict only. */
      readonly instant?: InstantVoice;
      /** 95 % interval of the mean power within the interval, where it is long enough to tell. */
      readonly power_interval?: Interval;
    }
  | (UnavailableReading & { readonly domain: string; readonly code?: EnergyFault });

/** What is known of an interval whose energy is asked for. */
export interface EnergyQuestion {
  /** True when the engine ran on a GPU: if every sampled GPU was idle, the wrong ones were sampled. */
  readonly gpuExpected?: boolean;
}

/** A source of energy for an experiment; every member passes the same contract suite. */
export interface EnergySampler {
  readonly name: string;
  /** True when it samples this machine now: then an idle machine tells a baseline. */
  readonly live: boolean;
  /** Begins to sample; must have returned before the window opens. */
  start(): Promise<void>;
  /**
   * Energy of each domain between two instants of CLOCK_MONOTONIC that lie after `start`; a domain with a gap
   * between them is unavailable.
   * @throws LemError `internal.bug` before `start`, or for an interval that begins before it or runs backwards
   */
  energyBetween(from: Nanoseconds, to: Nanoseconds, about?: EnergyQuestion): Promise<readonly DomainEnergy[]>;
  /** Notes the state of the machine in the recordings; never asked within a window. */
  readState(when: Moment): Promise<void>;
  /** Samples so far, for `samples.parquet`. */
  samples(): readonly PowerSample[];
  /** Times so far in which a domain was not sampled. */
  gaps(): readonly GapRecord[];
  /** The raw streams so far, from which every figure can be computed again; none of a sampler that samples nothing. */
  recordings(): readonly Recording[];
  /** Ends sampling and frees what it holds; may be called twice. */
  stop(): Promise<void>;
}

/** A sampler, or the reason why this machine has none. */
export type SamplerChoice =
  | { readonly status: "available"; readonly sampler: EnergySampler }
  | { readonly status: "unavailable"; readonly reading: UnavailableReading };
