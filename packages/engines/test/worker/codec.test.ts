import { isLemError } from "@lem/domain";
import { describe, expect, test } from "vitest";
import { parseMessage, parseReply } from "../../src/worker/codec.ts";

const codeOf = (action: () => unknown): string | undefined => {
  try {
    action();
    return undefined;
  } catch (error) {
    return isLemError(error) ? error.code : "not a LemError";
  }
};

const finished = {
  event: "finished",
  r: 0,
  t_ns: 5,
  input_tokens: 2,
  output_tokens: 3,
  finish: "length",
  timing: "token",
};

describe("parseMessage", () => {
  test.each([
    { event: "progress", share: null, what: "reading" },
    { event: "origin", origin_ns: 1 },
    { event: "origin", origin_ns: 400 * 86_400e9 + 1024 },
    { event: "submitted", r: 0, t_ns: 0 },
    { event: "tokens", r: 3, ids: [1, 2], t_ns: [10, 20] },
    finished,
    { event: "warning", message: "slow" },
    { event: "steps", t_ns: [5, 9], prompt_tokens: [7, 0], output_tokens: [1, 1], running: [1, 1], waiting: [0, 0] },
    {
      event: "said",
      section: "sampling",
      fields: ["n"],
      channel: "log",
      category: "WARNING",
      place: { path: "e/f.py", qualname: "C.f", line: 3 },
    },
  ])("reads the event $event", (event) => {
    const message = parseMessage(JSON.stringify({ id: 4, ...event }));
    expect(message).toMatchObject({ id: 4, kind: "event", event });
  });

  test("reads a reply and an error", () => {
    expect(parseMessage('{"id":1,"ok":{"a":1}}')).toEqual({ id: 1, kind: "reply", reply: { a: 1 } });
    const failure = { kind: "failed", type: "ValueError", message: "no" };
    expect(parseMessage(JSON.stringify({ id: 1, error: failure }))).toEqual({ id: 1, kind: "failure", failure });
  });

  test.each([
    ["not JSON", "{nope"],
    ["no id", '{"ok":{}}'],
    ["null id", '{"id":null,"error":{"kind":"bad-request","type":"E","message":"m"}}'],
    ["neither event, reply nor error", '{"id":1}'],
    ["unknown event", '{"id":1,"event":"celebration"}'],
    ["unknown kind of error", '{"id":1,"error":{"kind":"tired","type":"E","message":"m"}}'],
    ["a share above one", '{"id":1,"event":"progress","share":2,"what":"w"}'],
    ["a missing count", JSON.stringify({ id: 1, ...finished, output_tokens: undefined })],
    ["tokens of unequal lengths", '{"id":1,"event":"tokens","r":0,"ids":[1],"t_ns":[]}'],
    ["a fractional token", '{"id":1,"event":"tokens","r":0,"ids":[1.5],"t_ns":[1]}'],
    ["a negative time", '{"id":1,"event":"tokens","r":0,"ids":[1],"t_ns":[-1]}'],
    ["tokens that are text", '{"id":1,"event":"tokens","r":0,"ids":["1"],"t_ns":[1]}'],
    ["tokens without a request", '{"id":1,"event":"tokens","ids":[1],"t_ns":[1]}'],
    [
      "too many tokens a line",
      JSON.stringify({ id: 1, event: "tokens", r: 0, ids: Array(257).fill(1), t_ns: Array(257).fill(1) }),
    ],
  ])("refuses %s", (_, line) => {
    expect(codeOf(() => parseMessage(line))).toBe("worker.protocol");
  });
});

describe("parseReply", () => {
  test("checks the reply against its operation", () => {
    expect(parseReply("tokenize", { ids: [[1], []] })).toEqual({ ids: [[1], []] });
    expect(codeOf(() => parseReply("tokenize", { ids: [["1"]] }))).toBe("worker.protocol");
    expect(codeOf(() => parseReply("run", { origin_ns: 1 }))).toBe("worker.protocol");
  });

  test("names what is wrong", () => {
    expect(() => parseReply("run", { origin_ns: 1 })).toThrow(/end_ns/);
  });

  test("keeps tagged values of a section", () => {
    const sections = { load: { limit: { $py: "float", value: "inf" } } };
    const reply = { engine: "e", engine_version: "1", sections, defaults: {}, left_out: {} };
    expect(parseReply("describe", reply)).toEqual(reply);
  });
});
