/** A program that holds a compute context on a GPU. */
export interface GpuProcess {
  /** In the process namespace of the driver, which a container does not share. */
  readonly pid: number;
  readonly memory_b: number | null;
}

/** Memory errors that a GPU has counted. */
export interface EccCounts {
  readonly corrected: number;
  readonly uncorrected: number;
}

/** The state in which a sensor's machine is; read outside windows only, as some of it disturbs the engine. */
export interface SensorState {
  readonly t_ns: number;
  /** The device whatever its place in a list: the UUID of a GPU, the boot of a machine. */
  readonly device_id: string;
  /** What its power at rest depends on; null where it cannot be read. */
  readonly settings: Readonly<Record<string, string | number | null>>;
  readonly temperature_c: number | null;
  readonly clock_mhz: number | null;
  /** Null where it cannot be told. */
  readonly processes: readonly GpuProcess[] | null;
  /** Since the driver was loaded; null without ECC. */
  readonly ecc: EccCounts | null;
}
