import { expect, test } from "vitest";
import { measured, seededRandom, unavailable } from "@lem/domain";
import type { SourceTiming } from "../../../src/host/sampling/source-timing.ts";
import { counterCall, TickClock, tickPeriod, type TickSpan } from "../../../src/host/sampling/tick-clock.ts";

const counter = (period: SourceTiming["period"]): readonly SourceTiming[] => [
  { source: "counter", period, delay: period, call_cost: period },
];
const ms = (value: number): SourceTiming["period"] => measured({ value, unit: "ms", source: "watched" });

/** A tick at some millisecond that is known to so many before and after. */
const seen = (at_ms: number, half_ms = 2): TickSpan => ({
  after_ns: (at_ms - half_ms) * 1e6,
  before_ns: (at_ms + half_ms) * 1e6,
});

test("a period near the usual one is the usual one; another is believed, and none is the usual one", () => {
  expect([99.4, 101.2, 250, 20].map((value) => tickPeriod(counter(ms(value))))).toEqual([100, 100, 250, 20]);
  expect(tickPeriod(counter(unavailable("too-few-samples", "it stood still")))).toBe(100);
  expect([counterCall(counter(ms(7))), counterCall([])]).toEqual([7, 3.5]);
});

test("the first reading comes six milliseconds before each tick, and earlier where it is in doubt", () => {
  const clock = new TickClock(100, 5e9);
  expect(clock.untilNext(5e9 + 30e6)).toBeCloseTo(64, 6);
  expect(clock.untilNext(5e9 + 1996e6)).toBeCloseTo(98, 6);
  const doubted = new TickClock(100, 5e9, 4);
  expect([doubted.untilNext(5e9 + 30e6), doubted.patience_ms - clock.patience_ms]).toEqual([60, 8]);
  doubted.saw(seen(5203));
  expect([doubted.untilNext(5230e6), doubted.patience_ms]).toEqual([67, clock.patience_ms]);
});

test("its foresight stays within 4 ms of ticks that are seen to 2 ms, for hours, also where the period is a little other", () => {
  const random = seededRandom(4);
  const period_ms = 100.3;
  const clock = new TickClock(100, 0);
  let tick = 0;
  let worst = 0;
  for (let each = 0; each < 2000; each++) {
    const now_ns = (tick * period_ms + 2000) * 1e6;
    const begin_ms = now_ns / 1e6 + clock.untilNext(now_ns);
    tick = Math.round((begin_ms + 6) / period_ms);
    if (each > 10) worst = Math.max(worst, Math.abs(begin_ms + 6 - tick * period_ms));
    clock.saw(seen(tick * period_ms + 4 * (random() - 0.5)));
  }
  expect(worst).toBeLessThan(4);
});

test("a tick within a long call moves it only as far as it must be, and tells nothing of the period", () => {
  const clock = new TickClock(100, 5e9);
  clock.saw(seen(7012, 14));
  expect([clock.untilNext(7020e6), clock.period_ms]).toEqual([74, 100]);
  clock.saw(seen(9020, 14));
  expect([clock.untilNext(9020e6), clock.period_ms]).toEqual([80, 100]);
});

test("what it forgot it does not know, until the next tick, which may be a wide one", () => {
  const clock = new TickClock(100, 5e9);
  clock.forget();
  expect([clock.knows, clock.untilNext(6e9)]).toEqual([false, 0]);
  clock.saw(seen(7000, 12));
  expect([clock.knows, clock.untilNext(7e9), clock.patience_ms]).toEqual([true, 82, 36]);
});
