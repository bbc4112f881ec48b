/** One instant on both clocks. */
export interface ClockPair {
  readonly monotonic_ns: number;
  readonly wall_us: number;
  /** Half of what lies between the two monotonic readings around the wall clock's. */
  readonly uncertainty_ns: number;
}

/** Reads both clocks at one instant. */
export type ReadClockPair = () => ClockPair;

const CLOCK_REALTIME = 0;
const TRIES = 5;

/** Opens the wall clock in microseconds (clock_gettime); in milliseconds where the FFI library has no prebuilt part. */
export async function openClockPairs(): Promise<ReadClockPair> {
  const readWall = await openRealTime();
  return () => {
    let best = pairOnce(readWall);
    for (let attempt = 1; attempt < TRIES; attempt++) {
      const pair = pairOnce(readWall);
      if (pair.uncertainty_ns < best.uncertainty_ns) best = pair;
    }
    return best;
  };
}

function pairOnce(readWall: WallClock): ClockPair {
  const before = Number(process.hrtime.bigint());
  const wall_us = readWall.us();
  const after = Number(process.hrtime.bigint());
  const uncertainty_ns = (after - before) / 2 + readWall.resolution_ns;
  return { monotonic_ns: (before + after) / 2, wall_us, uncertainty_ns };
}

interface WallClock {
  readonly us: () => number;
  readonly resolution_ns: number;
}

async function openRealTime(): Promise<WallClock> {
  try {
    const koffi = await import("koffi");
    const clockGettime = koffi.load(null).func("clock_gettime", "int", ["int32_t", "void *"]);
    const time = Buffer.alloc(16);
    const us = (): number => {
      clockGettime(CLOCK_REALTIME, time);
      return Number(time.readBigInt64LE(0)) * 1e6 + Number(time.readBigInt64LE(8)) / 1e3;
    };
    return us() > 0 ? { us, resolution_ns: 0 } : MILLISECONDS;
  } catch {
    return MILLISECONDS;
  }
}

const MILLISECONDS: WallClock = { us: () => Date.now() * 1000, resolution_ns: 1e6 };
