import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { WorkerEvent } from "../../src/worker/protocol.ts";
import { TokenStream } from "../../src/worker/token-stream.ts";

const FACTS = { input_tokens: 1, output_tokens: 2, finish: "stop", timing: "token" } as const;

function streamed(): { stream: TokenStream; events: WorkerEvent[] } {
  const events: WorkerEvent[] = [];
  const stream = new TokenStream((event) => events.push(event));
  onTestFinished(() => stream.close());
  return { stream, events };
}

test("begins with the origin and ends a request after its tokens", () => {
  const { stream, events } = streamed();
  stream.submitted(7);
  stream.token(7, 40);
  stream.token(7, 41);
  stream.finished(7, FACTS);
  expect(events.map((event) => event.event)).toEqual(["origin", "submitted", "tokens", "finished"]);
  expect(events[2]).toMatchObject({ r: 7, ids: [40, 41] });
});

test("offsets never run backwards", () => {
  const { stream, events } = streamed();
  stream.submitted(0);
  for (let i = 0; i < 1000; i += 1) stream.token(0, i);
  stream.finished(0, FACTS);
  const times = events.flatMap<number>((event) => ("t_ns" in event ? event.t_ns : []));
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test("a batch shares one instant", () => {
  const { stream, events } = streamed();
  for (const r of [0, 1]) stream.submitted(r);
  const now = stream.now();
  for (const r of [0, 1]) stream.token(r, 5, now);
  stream.flush();
  expect(events.slice(-2)).toEqual([0, 1].map((r) => ({ event: "tokens", r, ids: [5], t_ns: [now] })));
});

test("a line holds at most 256 tokens", () => {
  const { stream, events } = streamed();
  stream.submitted(0);
  for (let i = 0; i < 256; i += 1) stream.token(0, i);
  expect(events.at(-1)).toMatchObject({ event: "tokens" });
  stream.token(0, 256);
  expect(events.filter((event) => event.event === "tokens")).toHaveLength(1);
});

test("tokens of all requests are written without another token", async () => {
  const { stream, events } = streamed();
  for (const r of [0, 1]) {
    stream.submitted(r);
    stream.token(r, 5 + r);
  }
  expect(events.at(-1)).toMatchObject({ event: "submitted" });
  while (events.length < 5) await sleep(20);
  expect(events.slice(-2).map((event) => "ids" in event && event.ids)).toEqual([[5], [6]]);
});

test("a closed stream has written everything, and writes no more", async () => {
  const { stream, events } = streamed();
  stream.submitted(0);
  stream.token(0, 5);
  stream.close();
  expect(events.at(-1)).toMatchObject({ event: "tokens", ids: [5] });
  const { length } = events;
  stream.token(0, 6);
  await sleep(300);
  expect(events).toHaveLength(length);
});
