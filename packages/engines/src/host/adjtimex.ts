/** What the kernel's clock discipline says about the wall clock (adjtimex(2)). */
export interface ClockDiscipline {
  /** True when a daemon keeps the clock within bounds. */
  readonly synchronised: boolean;
  readonly max_error_s: number;
  readonly estimated_error_s: number;
  /** Correction of the tick rate in parts per million. */
  readonly frequency_ppm: number;
  /** Wall clock in microseconds since 1970. */
  readonly wall_us: number;
}

/** Reads the clock discipline; undefined where it cannot be read. Tests give their own. */
export type ReadDiscipline = () => ClockDiscipline | undefined;

/** `struct timex` on 64-bit Linux (include/uapi/linux/timex.h). */
const SIZE = 208;
const AT = { frequency: 16, maxError: 24, estimatedError: 32, status: 40, seconds: 72, fraction: 80 } as const;
const STA_UNSYNC = 0x0040;
const STA_NANO = 0x2000;
/** Frequency has a 16-bit binary fraction. */
const FREQUENCY_SCALE = 65_536;
const WIDE: readonly string[] = ["x64", "arm64", "riscv64", "loong64", "ppc64", "s390x"];

/**
 * Opens adjtimex(2) of the C library, in its reading form (modes 0, needs no privilege). Undefined off 64-bit Linux,
 * or where the FFI library has no prebuilt part.
 */
export async function openDiscipline(): Promise<ReadDiscipline | undefined> {
  if (process.platform !== "linux" || !WIDE.includes(process.arch)) return undefined;
  try {
    const koffi = await import("koffi");
    const adjtimex = koffi.load(null).func("adjtimex", "int", ["void *"]);
    return () => {
      const timex = Buffer.alloc(SIZE);
      return (adjtimex(timex) as number) < 0 ? undefined : decode(timex);
    };
  } catch {
    return undefined;
  }
}

function decode(timex: Buffer): ClockDiscipline {
  const status = timex.readInt32LE(AT.status);
  const fraction = Number(timex.readBigInt64LE(AT.fraction));
  const long = (at: number): number => Number(timex.readBigInt64LE(at));
  return {
    synchronised: (status & STA_UNSYNC) === 0,
    max_error_s: long(AT.maxError) / 1e6,
    estimated_error_s: long(AT.estimatedError) / 1e6,
    frequency_ppm: long(AT.frequency) / FREQUENCY_SCALE,
    wall_us: long(AT.seconds) * 1e6 + ((status & STA_NANO) === 0 ? fraction : Math.round(fraction / 1000)),
  };
}
