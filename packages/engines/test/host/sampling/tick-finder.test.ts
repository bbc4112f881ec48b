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
