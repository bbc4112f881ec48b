import type { LemEvent } from "@lem/domain";
import { expect, it } from "vitest";
import { restBetween, takeRest, type Rest } from "../../src/rest/rest.ts";

const GAP = { experiment_s: 1, cycle_s: 5, until_c: 40, limit_s: 60 };

it.each([
  ["within a cycle", 1, 1, 1],
  ["at a new cycle", 1, 2, 5],
  ["in a sequential study, where the next experiment begins with its first cycle", 3, 1, 1],
])("takes the pause %s", (_, before, after, seconds) => {
  const rest = restBetween({ cycle: before }, { cycle: after }, { gap: GAP, force_cold_start: false });
  expect(rest).toEqual({ seconds, until_c: 40, limit_s: 60 });
});

it.each([
  [40, 40],
  [null, "start"],
])("waits for a cold start until the GPUs are cool: %s", (until_c, expected) => {
  const settings = { gap: { ...GAP, until_c }, force_cold_start: true };
  expect(restBetween({ cycle: 1 }, { cycle: 1 }, settings).until_c).toBe(expected);
});

/** Rests beside GPUs that show these temperatures one after another, the last one for good. */
async function rested(
  rest: Partial<Rest>,
  temperatures: readonly (number | undefined)[],
  signal = new AbortController().signal,
): Promise<{ readonly looks: number; readonly events: readonly LemEvent[]; readonly seconds: number }> {
  const events: LemEvent[] = [];
  let looks = 0;
  const hottest = (): Promise<number | undefined> =>
    Promise.resolve(temperatures[Math.min(looks++, temperatures.length - 1)]);
  const began = performance.now();
  await takeRest(
    { seconds: 0, until_c: null, limit_s: 30, ...rest },
    { hottest, start_c: temperatures[0], emit: (event) => events.push(event), signal, look_s: 0.01 },
  );
  return { looks, events, seconds: (performance.now() - began) / 1000 };
}

it("takes no time and says nothing where nothing is asked for", async () => {
  expect(await rested({}, [90])).toMatchObject({ looks: 0, events: [] });
});

it("lets at least its time pass", async () => {
  const { seconds, events } = await rested({ seconds: 0.05 }, []);
  expect(seconds).toBeGreaterThan(0.045);
  expect(events).toEqual([expect.objectContaining({ type: "waiting", reason: "gap", seconds: 0.05 })]);
});

it("ends as soon as the hottest GPU is cool enough, and says once what it waits for", async () => {
  const { looks, events } = await rested({ until_c: 40 }, [55, 47, 40]);
  expect(looks).toBe(3);
  expect(events).toEqual([
    expect.objectContaining({ reason: "temperature", detail: "a GPU has 55 °C, and is to have 40 °C", seconds: 30 }),
  ]);
});

it("waits until the GPUs are nearly as cool as at the start of the study", async () => {
  expect(await rested({ until_c: "start" }, [38, 60, 45, 40])).toMatchObject({ looks: 1 });
  expect(await rested({ until_c: "start" }, [undefined])).toMatchObject({ looks: 0 });
});

it("ends at its limit although the GPUs stay hot, the time before counted", async () => {
  const { seconds } = await rested({ seconds: 0.05, until_c: 40, limit_s: 0.1 }, [80]);
  expect(seconds).toBeGreaterThan(0.09);
  expect(seconds).toBeLessThan(20);
});

it("does not wait for a temperature that nothing tells, and says so", async () => {
  const { looks, events } = await rested({ until_c: 40 }, [undefined]);
  expect(looks).toBe(1);
  expect(events).toEqual([expect.objectContaining({ reason: "temperature", seconds: 0 })]);
});

it("ends when the study is interrupted", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 20);
  const { seconds } = await rested({ seconds: 25, until_c: 40 }, [80], controller.signal);
  expect(seconds).toBeLessThan(20);
});
