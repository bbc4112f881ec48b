import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { mean, seededRandom } from "@lem/domain";
import { TickClock } from "../../../src/host/sampling/tick-clock.ts";
import { TickFinder, type CounterReading, type FoundTick } from "../../../src/host/sampling/tick-finder.ts";

interface Board {
  readonly period_ms?: number;
  readonly phase_ms?: number;
  /** Milliseconds of a call; the driver reads the counter in the middle of it. */
  readonly call: (now_ms: number) => number;
  /** When the first tick is said to have been; undefined: nobody knows. */
  readonly said_ms?: number;
}

/** A counter in a time of its own; a thread wakes up to 1.5 ms late. */
class Counter {
  now_ms = 1000;
  reads = 0;
  fails = false;
  stopped = false;
  stands = false;
  readonly #board: Required<Omit<Board, "said_ms">>;
  readonly #random = seededRandom(3);
  readonly #finder: TickFinder;

  constructor({ said_ms, ...board }: Board) {
    this.#board = { period_ms: 100, phase_ms: 37, ...board };
    const clock = new TickClock(this.#board.period_ms, said_ms === undefined ? undefined : said_ms * 1e6, 4);
    this.#finder = new TickFinder({
      clock,
      call_ms: 3.5,
      read: () => this.#read(),
      now: () => this.now_ms * 1e6,
      pause: async (milliseconds) => {
        this.now_ms += milliseconds + 1.5 * this.#random();
        return !this.stopped;
      },
    });
  }

  #read(): CounterReading | undefined {
    if (this.fails) return undefined;
    this.reads++;
    const [from_ms, call_ms] = [this.now_ms, this.#board.call(this.now_ms)];
    this.now_ms += call_ms;
    const { period_ms, phase_ms } = this.#board;
    const value = this.stands ? 7 : 70 * Math.floor((from_ms + call_ms / 2 - phase_ms) / period_ms);
    return { value, from_ns: from_ms * 1e6, to_ns: this.now_ms * 1e6 };
  }

  /** The next tick as a sampler looks for it, each 2 s. */
  next(): Promise<FoundTick> {
    this.now_ms = Math.ceil(this.now_ms / 2000) * 2000;
    return this.#finder.next();
  }

  /** Milliseconds between where a tick was found and where it was. */
  offOf(tick: FoundTick): number {
    if (tick.status !== "found") return Number.NaN;
    const { period_ms, phase_ms } = this.#board;
    const at_ms = (tick.after_ns + tick.before_ns) / 2e6 - phase_ms;
    return at_ms - Math.round(at_ms / period_ms) * period_ms;
  }
}

const QUICK = { call: () => 3.5 };

async function watched(
  counter: Counter,
  ticks: number,
): Promise<{ offs: readonly number[]; reads: readonly number[] }> {
  const [offs, reads]: [number[], number[]] = [[], []];
  for (let each = 0; each < ticks; each++) {
    const before = counter.reads;
    offs.push(Math.abs(counter.offOf(await counter.next())));
    reads.push(counter.reads - before);
  }
  return { offs, reads };
}

test.each([1036, 1040, 1033])("ticks that are known take two or three readings each (%d)", async (said_ms) => {
  const { offs, reads } = await watched(new Counter({ ...QUICK, said_ms }), 200);
  expect(Math.max(...offs)).toBeLessThan(3.6);
  expect(Math.max(...reads.slice(1))).toBeLessThanOrEqual(5);
  expect(mean(reads)).toBeLessThan(3.2);
});

test.each([0, 13, 37, 61, 88])(
  "a tick that nobody foretold, at phase %d ms, is searched with few readings",
  async (phase_ms) => {
    const counter = new Counter({ ...QUICK, phase_ms });
    const { offs, reads } = await watched(counter, 3);
    expect(Math.max(...offs)).toBeLessThan(3.6);
    // A counter read without a pause changes after up to 29 readings.
    expect(reads[0]).toBeLessThanOrEqual(16);
    expect(reads[2]).toBeLessThanOrEqual(5);
  },
);

test.each([20, 250])("a counter of %d ms is found too", async (period_ms) => {
  const { offs } = await watched(new Counter({ ...QUICK, period_ms, phase_ms: 7 }), 5);
  expect(Math.max(...offs)).toBeLessThan(3.6);
});

test.each([0.1, 0.2])(
  "long calls (%d) at the edges of a load: no tick is placed by one, and none makes a burst of readings",
  async (share) => {
    const random = seededRandom(11);
    const counter = new Counter({ said_ms: 1037, call: () => (random() < share ? 16 : 3.5) });
    const { offs, reads } = await watched(counter, 500);
    const found = offs.filter((off) => !Number.isNaN(off));
    expect(found.length).toBeGreaterThan(495);
    expect(Math.max(...found)).toBeLessThan(4.5);
    expect(mean(reads)).toBeLessThan(5);
    expect(Math.max(...reads)).toBeLessThan(40);
  },
);

test("where all calls are long for a while, the ticks are found again at once afterwards", async () => {
  let isLong = false;
  const counter = new Counter({ said_ms: 1037, call: () => (isLong ? 25 : 3.5) });
  await watched(counter, 5);
  isLong = true;
  expect((await counter.next()).status).toBe("missed");
  isLong = false;
  const { offs, reads } = await watched(counter, 5);
  expect(Math.max(...offs)).toBeLessThan(4.5);
  expect(Math.max(...reads)).toBeLessThanOrEqual(20);
});

test("a counter that stands still is told with few readings; one that fails, and a thread that ends, at once", async () => {
  const still = new Counter(QUICK);
  still.stands = true;
  expect([(await still.next()).status, still.reads < 30]).toEqual(["still", true]);
  const failing = new Counter(QUICK);
  failing.fails = true;
  expect((await failing.next()).status).toBe("failed");
  const ending = new Counter({ ...QUICK, said_ms: 1037 });
  ending.stopped = true;
  expect([(await ending.next()).status, ending.reads]).toEqual(["stopped", 0]);
});

interface RecordedCalls {
  readonly loads: readonly (readonly [name: string, at_us: number])[];
  readonly from_us: readonly number[];
  readonly took_us: readonly number[];
  readonly value_mj: readonly number[];
}

const CALLS = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, "fixtures", "h200-counter-calls.json.gz"))).toString(),
) as RecordedCalls;

const summed = (steps: readonly number[]): readonly number[] => {
  let sum = 0;
  return steps.map((step) => (sum += step));
};

/** All calls of the counter of an H200 under idle, constant and square-wave load, one after the other. */
const RECORDED = ((): { from_ms: readonly number[]; took_ms: readonly number[]; value: readonly number[] } => ({
  from_ms: summed(CALLS.from_us).map((us) => us / 1e3),
  took_ms: CALLS.took_us.map((us) => us / 1e3),
  value: summed(CALLS.value_mj),
}))();

/** Looks for a tick each 300 ms among the recorded calls: a reading begins with the next one of these. */
async function replayed(): Promise<{ spans_ms: readonly number[]; middles_ms: readonly number[]; busy_ms: number }> {
  let [now_ms, at, busy_ms] = [100, 0, 0];
  const end_ms = RECORDED.from_ms.at(-1) ?? 0;
  const finder = new TickFinder({
    clock: new TickClock(100, undefined),
    call_ms: 3.2,
    now: () => now_ms * 1e6,
    pause: async (milliseconds) => {
      now_ms += milliseconds;
      return now_ms < end_ms - 200;
    },
    read: () => {
      while ((RECORDED.from_ms[at] ?? Infinity) < now_ms) at++;
      const [from_ms, took_ms] = [RECORDED.from_ms[at] ?? now_ms, RECORDED.took_ms[at] ?? 0];
      now_ms = from_ms + took_ms;
      busy_ms += took_ms;
      return { value: RECORDED.value[at] ?? 0, from_ns: from_ms * 1e6, to_ns: now_ms * 1e6 };
    },
  });
  const [spans_ms, middles_ms]: [number[], number[]] = [[], []];
  for (;;) {
    const tick = await finder.next();
    if (tick.status === "stopped") return { spans_ms, middles_ms, busy_ms };
    now_ms += 200;
    if (tick.status !== "found") continue;
    spans_ms.push((tick.before_ns - tick.after_ns) / 1e6);
    middles_ms.push((tick.after_ns + tick.before_ns) / 2e6);
  }
}

test("among the recorded calls of a real board ticks are found closely, under every load, for less than 18 ms of calls each", async () => {
  const { spans_ms, middles_ms, busy_ms } = await replayed();
  expect(spans_ms.length).toBeGreaterThan(90);
  expect(Math.max(...spans_ms)).toBeLessThanOrEqual(9);
  const first_ms = middles_ms[0] ?? 0;
  const period_ms = ((middles_ms.at(-1) ?? 0) - first_ms) / Math.round(((middles_ms.at(-1) ?? 0) - first_ms) / 100);
  const offs = middles_ms.map((middle) => {
    const periods = (middle - first_ms) / period_ms;
    return Math.abs(periods - Math.round(periods)) * period_ms;
  });
  expect(Math.max(...offs)).toBeLessThan(4.5);
  expect(busy_ms / spans_ms.length).toBeLessThan(18);
});
