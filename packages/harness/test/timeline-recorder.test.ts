import { describe, expect, it } from "vitest";
import { isLemError } from "@lem/domain";
import type { WorkerEvent } from "@lem/engines";
import { TimelineRecorder } from "../src/timeline-recorder.ts";

const requests = [
  { r: 4, tokens: [1, 2, 3], output_tokens: 3 },
  { r: 0, tokens: [9], output_tokens: 2 },
];
const submitted = (r: number, t_ns = 0): WorkerEvent => ({ event: "submitted", r, t_ns });
const tokens = (r: number, ids: number[], t_ns: number[]): WorkerEvent => ({ event: "tokens", r, ids, t_ns });
const finished = (r: number, changes: Partial<Extract<WorkerEvent, { event: "finished" }>> = {}): WorkerEvent => ({
  event: "finished",
  r,
  t_ns: 100,
  input_tokens: r === 4 ? 3 : 1,
  output_tokens: r === 4 ? 3 : 2,
  finish: "length",
  timing: "token",
  ...changes,
});
const whole: WorkerEvent[] = [
  submitted(4),
  submitted(0, 1),
  tokens(4, [10, 11], [5, 7]),
  tokens(0, [20, 21], [6, 6]),
  tokens(4, [12], [9]),
  finished(0),
  finished(4),
];

const RUN = { origin_ns: 1000, end_ns: 1200 };

function record(
  events: readonly WorkerEvent[],
  pinnedOutput = true,
  edges = RUN,
): ReturnType<TimelineRecorder["finish"]> {
  const recorder = new TimelineRecorder({ window: 2, requests, pinnedOutput });
  for (const event of events) recorder.accept(event);
  return recorder.finish(edges);
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (isLemError(error)) return error.code;
  }
  return "nothing was thrown";
}

describe("TimelineRecorder", () => {
  it("folds interleaved events into one timeline a request", () => {
    const [first, second] = record(whole);
    expect(first).toMatchObject({ request: 4, window: 2, origin_ns: 1000, submitted_ns: 0, finished_ns: 100 });
    expect([...(first?.output_ids ?? [])]).toEqual([10, 11, 12]);
    expect([...(first?.token_ns ?? [])]).toEqual([5, 7, 9]);
    expect(second).toMatchObject({ request: 0, input_tokens: 1, output_tokens: 2, timing: "token", finish: "length" });
  });

  it("counts tokens as they arrive and passes over events without a request", () => {
    const recorder = new TimelineRecorder({ window: 0, requests, pinnedOutput: true });
    recorder.accept({ event: "origin", origin_ns: 5 });
    recorder.accept(submitted(4));
    recorder.accept(tokens(4, [1, 2], [3, 4]));
    expect(recorder.received).toBe(2);
  });

  it.each<[string, WorkerEvent[]]>([
    ["a request that was not asked", [submitted(7)]],
    ["a second submission", [submitted(4), submitted(4)]],
    ["tokens before submission", [tokens(4, [1], [1])]],
    ["a finish before submission", [finished(4)]],
    ["times that run backwards within a line", [submitted(4), tokens(4, [1, 2], [9, 8])]],
    ["times that run backwards between lines", [submitted(4), tokens(4, [1], [9]), tokens(4, [2], [8])]],
    ["a token before its submission", [submitted(4, 50), tokens(4, [1], [9])]],
    ["ids and times of different number", [submitted(4), tokens(4, [1, 2], [9])]],
    ["a finish before the last token", [submitted(0), tokens(0, [1, 2], [5, 200]), finished(0)]],
    ["tokens after the finish", [...whole, tokens(4, [1], [200])]],
    ["a second finish", [...whole, finished(4)]],
  ])("refuses %s as broken protocol", (_, events) => {
    expect(codeOf(() => record(events))).toBe("worker.protocol");
  });

  it("takes offsets up to the end of the run, from the origin that it told", () => {
    expect(record([{ event: "origin", origin_ns: 1000 }, ...whole], true, { ...RUN, end_ns: 1100 })).toHaveLength(2);
  });

  it.each<[string, WorkerEvent[], typeof RUN]>([
    ["a run that ends before its last request", whole, { ...RUN, end_ns: 1099 }],
    ["a run that ends before it begins", whole, { ...RUN, end_ns: 999 }],
    ["a run with two origins", [{ event: "origin", origin_ns: 900 }, ...whole], RUN],
  ])("refuses %s", (_, events, edges) => {
    expect(codeOf(() => record(events, true, edges))).toBe("worker.protocol");
  });

  it.each<[string, WorkerEvent[]]>([
    ["fewer tokens than counted", [submitted(0), tokens(0, [1], [5]), finished(0)]],
    ["another number of input tokens", [submitted(0), tokens(0, [1, 2], [5, 6]), finished(0, { input_tokens: 2 })]],
    ["more tokens than asked for", [submitted(0), tokens(0, [1, 2, 3], [5, 6, 7])]],
    ["fewer tokens than pinned", [submitted(0), tokens(0, [1], [5]), finished(0, { output_tokens: 1 })]],
    ["missing token times", [submitted(0), tokens(0, [1, 2], []), finished(0)]],
    ["a request that never finished", whole.slice(0, -1)],
  ])("refuses %s as a mismatch of tokens", (_, events) => {
    expect(codeOf(() => record(events))).toBe("measure.token-mismatch");
  });

  it("takes an early stop when the output is not pinned", () => {
    const events = [...whole.slice(0, -3), finished(0), finished(4, { output_tokens: 2, finish: "stop" })];
    const [first] = record(events, false);
    expect(first).toMatchObject({ output_tokens: 2, finish: "stop" });
    expect(first?.output_ids).toHaveLength(2);
  });

  it.each([
    ["no times", [], []],
    ["the time of the whole output", [9, 9, 9], [9, 9]],
  ])("keeps no token times of an engine that cannot tell them, though it sends %s", (_, first, second) => {
    const hidden = { timing: "none" } as const;
    const events = [
      submitted(4),
      tokens(4, [1, 2, 3], first),
      finished(4, hidden),
      submitted(0),
      tokens(0, [1, 2], second),
      finished(0, hidden),
    ];
    expect(record(events).map(({ token_ns }) => token_ns.length)).toEqual([0, 0]);
  });
});
