import { expect, it } from "vitest";
import { load, openWorker, requests, runGroups, TEXTS, tokens } from "./support.ts";

it("every token has a time of its own, in order and within the window", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  await load(session, { parallel: 2 });
  const prompts = await tokens(session, TEXTS, 60);
  const groups = [requests(prompts, 20).slice(0, 2), requests(prompts, 20).slice(2)];
  const { reply, told } = await runGroups(session, groups);
  for (const { ids, t_ns, submitted = -1, finished } of told.values()) {
    expect(finished?.timing).toBe("token");
    expect(t_ns.length).toBe(ids.length);
    expect(new Set(t_ns).size).toBe(t_ns.length);
    const inOrder = [0, submitted, ...t_ns, finished?.t_ns ?? -1, reply.end_ns - reply.origin_ns];
    expect(inOrder).toEqual(inOrder.toSorted((a, b) => a - b));
  }
  const ends = [0, 1].map((r) => told.get(r)?.finished?.t_ns ?? Number.NaN);
  const begins = [2, 3].map((r) => told.get(r)?.submitted ?? Number.NaN);
  expect(Math.min(...begins), "a group begins when the one before it has ended").toBeGreaterThan(Math.max(...ends));
});

it("every request begins on an empty sequence: its input is processed each time", { timeout: 60_000 }, async () => {
  const session = await openWorker();
  await load(session, { max_sequence_tokens: 2100 });
  const [prompt = []] = await tokens(session, ["A long text is needed here, again and again. ".repeat(60)], 2000);
  expect(prompt.length).toBeGreaterThan(1500);
  const first = await runGroups(session, [requests([prompt], 2)]);
  const second = await runGroups(session, [requests([prompt], 2)]);
  const [cold, warm] = [first, second].map(({ told }) => told.get(0));
  expect(warm?.ids).toEqual(cold?.ids);
  expect(warm?.finished?.input_tokens).toBe(prompt.length);
  // With the cache of the run before, the input would cost as much as one token.
  const [ttft = 0, next = 0] = warm?.t_ns ?? [];
  expect(ttft).toBeGreaterThan(5 * (next - ttft));
});
