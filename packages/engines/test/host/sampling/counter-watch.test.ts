import { expect, test } from "vitest";
import { unavailable, type AvailableReading } from "@lem/domain";
import { CounterWatch } from "../../../src/host/sampling/counter-watch.ts";

/** Watches a counter of some period for 650 ms of a time of its own; a reading takes 3.2 ms, anything else 2 ms. */
function watched(period_ms: number, phase_ms: number): { readonly watch: CounterWatch; readonly readings: number } {
  let [now_ms, readings] = [1000, 0];
  const watch = new CounterWatch(
    () => {
      readings++;
      now_ms += 3.2;
      return { value: Math.floor((now_ms + phase_ms) / period_ms) };
    },
    () => now_ms * 1e6,
  );
  while (now_ms < 1650) {
    watch.poll();
    now_ms += watch.dueNs > (now_ms + 2) * 1e6 ? 2 : 0.1;
  }
  return { watch, readings };
}

test.each([0, 13, 37, 61, 88])("a usual counter at phase %d ms takes few readings, and is known to 2 ms", (phase) => {
  const { watch, readings } = watched(100, phase);
  expect((watch.timing().period as AvailableReading).value).toBeCloseTo(100, -0.6);
  expect(watch.changes.length).toBeGreaterThanOrEqual(3);
  expect(readings).toBeLessThan(50);
});

test.each([20, 60, 150])("a counter of %d ms is found by close readings", (period) => {
  const found = (watched(period, 7).watch.timing().period as AvailableReading).value;
  expect(Math.abs(found / period - 1)).toBeLessThan(0.05);
});

test("a counter that stands still tells no period, one that refuses says why", () => {
  expect(watched(1e9, 0).watch.timing().period).toMatchObject({ reason: "too-few-samples" });
  const refused = new CounterWatch(
    () => ({ failure: unavailable("not-supported", "none") }),
    () => 1,
  );
  refused.poll();
  expect([refused.dueNs, refused.timing().period]).toEqual([Infinity, unavailable("not-supported", "none")]);
});
