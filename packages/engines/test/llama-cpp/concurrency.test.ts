import { expect, it } from "vitest";
import { load, openWorker, requests, runGroups, TEXTS, tokens, type Told } from "./support.ts";

const span = ({ submitted = Number.NaN, finished }: Told): readonly [number, number] => [
  submitted,
  finished?.t_ns ?? Number.NaN,
];

const overlap = (a: Told | undefined, b: Told | undefined): boolean => {
  if (a === undefined || b === undefined) return false;
  return span(a)[0] < span(b)[1] && span(b)[0] < span(a)[1];
};

it("groups in flight at once overlap, as many as asked for", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  await load(session, { parallel: 2 });
  const prompts = await tokens(session, TEXTS, 30);
  const groups = requests(prompts, 24).map((request) => [request]);
  const two = await runGroups(session, groups, { concurrency: 2 });
  expect(overlap(two.told.get(0), two.told.get(1))).toBe(true);
  expect(overlap(two.told.get(0), two.told.get(3))).toBe(false);
  expect(two.reply.batch_occupancy).toBeNull();
  const one = await runGroups(session, groups, { concurrency: 1 });
  expect(overlap(one.told.get(0), one.told.get(1))).toBe(false);
  for (const [r, { ids }] of two.told) expect(ids).toEqual(one.told.get(r)?.ids);
});

it("requests beyond the user's number of sequences wait for a place", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  const { effective } = await load(session, { parallel: 4, sections: { context: { sequences: 1 } } });
  expect(effective["context"]?.["sequences"]).toBe(1);
  const prompts = await tokens(session, TEXTS, 30);
  const { told, reply } = await runGroups(session, [requests(prompts, 8)]);
  expect(reply.batch_occupancy).toBe(1);
  const all = [...told.values()];
  expect(all.map(({ ids }) => ids.length)).toEqual([8, 8, 8, 8]);
  for (const [index, { t_ns }] of all.entries()) expect(t_ns[0]).toBeGreaterThan(all[index - 1]?.finished?.t_ns ?? 0);
  const submissions = all.map(({ submitted = Number.NaN }) => submitted);
  expect(Math.max(...submissions), "waiting is part of a request's time").toBeLessThan(all[0]?.t_ns[0] ?? 0);
});
