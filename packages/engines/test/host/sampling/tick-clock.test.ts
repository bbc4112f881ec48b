import { expect, test } from "vitest";
import { measured, seededRandom, unavailable } from "@lem/domain";
import type { SourceTiming } from "../../../src/host/sampling/source-timing.ts";
import { TickClock, tickPeriod } from "../../../src/host/sampling/tick-clock.ts";

const counter = (period: SourceTiming["period"]): readonly SourceTiming[] => [
  { source: "counter", period, delay: period, call_cost: period },
];
const ms = (value: number): SourceTiming["period"] => measured({ value, unit: "ms", source: "watched" });

test("a period near the usual one is the usual one; another is believed, and none is the usual one", () => {
  expect([99.4, 101.2, 250, 20].map((value) => tickPeriod(counter(ms(value))))).toEqual([100, 100, 250, 20]);
  expect(tickPeriod(counter(unavailable("too-few-samples", "it stood still")))).toBe(100);
});

test("the first reading comes six milliseconds before each tick", () => {
  const clock = new TickClock(100, 5e9);
  expect(clock.untilNext(5e9 + 30e6)).toBeCloseTo(64, 6);
  expect(clock.untilNext(5e9 + 1996e6)).toBeCloseTo(98, 6);
});

test("its foresight stays within 4 ms of ticks that are seen to 2 ms, for hours, also where the period is a little other", () => {
  const random = seededRandom(4);
  const period_ms = 100.3;
  const clock = new TickClock(100, 0);
  let tick = 0;
  let worst = 0;
  for (let seen = 0; seen < 2000; seen++) {
    const now_ns = (tick * period_ms + 2000) * 1e6;
    const begin_ms = now_ns / 1e6 + clock.untilNext(now_ns);
    tick = Math.round((begin_ms + 6) / period_ms);
    if (seen > 10) worst = Math.max(worst, Math.abs(begin_ms + 6 - tick * period_ms));
    clock.saw((tick * period_ms + 4 * (random() - 0.5)) * 1e6);
  }
  expect(worst).toBeLessThan(4);
});

test("a tick that could not be found makes it know nothing", () => {
  const clock = new TickClock(100, 5e9);
  clock.saw(undefined);
  expect([clock.knows, clock.untilNext(6e9)]).toEqual([false, 0]);
  clock.saw(7e9);
  expect([clock.knows, clock.untilNext(7e9)]).toEqual([true, 94]);
});
