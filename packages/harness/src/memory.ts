import type { UnavailableReading } from "@lem/domain";

/** Resident memory of the engine's processes over one window. */
export type MemoryReading =
  | {
      readonly status: "measured";
      readonly peak_b: number;
      readonly mean_b: number;
      readonly source: string;
      readonly n: number;
    }
  | UnavailableReading;

/** Samples the memory of a process. */
export interface MemorySampler {
  /** Begins a window: peak and mean count from here. */
  begin(): void;
  /** Peak and time-weighted mean since {@link begin}. */
  read(): MemoryReading;
  /** Ends sampling; may be called twice. */
  stop(): void;
}

/** Opens a sampler for a process. */
export type OpenMemorySampler = (pid: number) => MemorySampler;
