import type { NotedState, Recording } from "./recording.ts";

/** When the state of a machine is read. */
export type Moment = Pick<NotedState, "moment" | "engine_pids">;

/** One sensor of this machine that samples now. */
export interface EnergySensor {
  readonly domain: string;
  /** Begins to sample; a sensor that does not answer is lost from its start. */
  start(): Promise<void>;
  /** Fetches what the sensor has recorded until an instant that has passed. */
  readUntil(t_ns: number): Promise<void>;
  /** Notes the state of its machine; never asked within a window. */
  readState(when: Moment): Promise<void>;
  /** True when nothing more is to be had about the time until an instant. */
  reaches(t_ns: number): boolean;
  recording(): Recording;
  stop(): Promise<void>;
}

/**
 * Bounds on the gain error of sensors, relative, with where they come from. A calibration of the own board replaces
 * them (measurement.energy.gain_error).
 */
export const GAIN_ERRORS = {
  /** Proportional, of random sign between boards of one model: Yang, Adamek, Armour (SC'24), over 70 GPUs. */
  nvml: 0.05,
  /** Package counters of Haswell and later against external meters: Khan et al., ACM TOMPECS 3 (2018). */
  "rapl-package": 0.05,
  /** DRAM counters against instrumented modules: Desrochers et al., MEMSYS 2016. */
  "rapl-dram": 0.2,
} as const;
