import { describe, expect, it } from "vitest";
import { e2eSamples, itlSamples, latencyReadings, tpotSamples, ttftSamples } from "../../src/metrics/latency.ts";
import { isAvailable } from "../../src/reading.ts";
import type { RequestTimeline } from "../../src/metrics/timeline.ts";
import { timeline } from "./timelines.ts";

const two = [timeline(10, [50, 60, 90]), timeline(20, [80, 100])];

describe("latency of hand-made timelines", () => {
  it("TTFT is first token - submission", () => {
    expect(ttftSamples(two)).toEqual([40, 60]);
  });

  it("e2e is last token - submission, not the end of the request", () => {
    expect(e2eSamples(two)).toEqual([80, 80]);
  });

  it("TPOT leaves the first token out", () => {
    expect(tpotSamples(two)).toEqual([20, 20]);
  });

  it("ITL is every gap within one request, none between two", () => {
    expect([...itlSamples(two)]).toEqual([10, 30, 20]);
  });

  it("is told in ms, with the number of samples", () => {
    const { ttft, itl } = latencyReadings(two);
    expect(ttft.mean).toMatchObject({ status: "measured", value: 50, unit: "ms", n: 2 });
    expect(itl.mean).toMatchObject({ status: "measured", value: 20, unit: "ms", n: 3 });
  });
});

describe("requests of one token", () => {
  it("have no TPOT and no ITL, and are counted elsewhere", () => {
    const { ttft, tpot, itl, e2e } = latencyReadings([timeline(0, [30]), timeline(0, [50])]);
    expect([tpot.mean, itl.mean]).toEqual(Array(2).fill(expect.objectContaining({ reason: "too-few-samples" })));
    expect([ttft.mean, e2e.mean]).toEqual(Array(2).fill(expect.objectContaining({ value: 40 })));
  });

  it("do not pull the TPOT of others towards zero", () => {
    expect(latencyReadings([timeline(0, [30]), timeline(0, [50, 60])]).tpot.mean).toMatchObject({ value: 10, n: 1 });
  });
});

describe("requests without tokens", () => {
  it("have no latency", () => {
    const { ttft, e2e } = latencyReadings([timeline(0, [])]);
    expect([ttft.mean, e2e.p50]).toEqual(Array(2).fill(expect.objectContaining({ reason: "too-few-samples" })));
  });
});

describe("tokens that came in chunks", () => {
  const chunked = latencyReadings([...two, timeline(0, [40, 40, 40, 60], { timing: "chunk" })]);

  it("hide ITL and TPOT, for all requests, and say how coarse the stream was", () => {
    const withheld = {
      status: "unavailable",
      reason: "coalesced-stream",
      detail: expect.stringContaining("2 chunks for 4 tokens"),
    };
    expect([chunked.itl.p50, chunked.tpot.mean]).toEqual([
      expect.objectContaining(withheld),
      expect.objectContaining(withheld),
    ]);
  });

  it("leave TTFT and e2e", () => {
    expect([chunked.ttft.mean, chunked.e2e.mean].every(isAvailable)).toBe(true);
  });
});

describe("an engine that shows no token times", () => {
  it("gives no latency at all, not even for the requests that have some", () => {
    const hidden = latencyReadings([timeline(0, [], { timing: "none", output_tokens: 4 }), ...two]);
    const reasons = Object.values({ ...hidden }).flatMap((statistics) => Object.values(statistics));
    expect(reasons).toEqual(Array(reasons.length).fill(expect.objectContaining({ reason: "not-reported-by-engine" })));
  });
});

describe("cancelled requests", () => {
  it("count nowhere, their timing included", () => {
    const cancelled = [
      timeline(0, [500], { finish: "cancelled" }),
      timeline(0, [], { finish: "cancelled", timing: "none" }),
    ];
    expect(latencyReadings([...two, ...cancelled])).toEqual(latencyReadings(two));
  });
});

describe("intervals", () => {
  const oneByOne = Array.from({ length: 12 }, (_, index) => {
    const at = 100 * index;
    return timeline(at, [at + 30 + index, at + 50, at + 70 + (index % 3)]);
  });

  it("are given where samples are independent, and not for the gaps of one stream", () => {
    const { ttft, itl } = latencyReadings(oneByOne);
    expect(ttft.mean).toHaveProperty("interval.method", "bca-bootstrap");
    expect(ttft.p50).toHaveProperty("interval.method", "order-statistic");
    expect(Object.values(itl).filter((reading) => "interval" in reading)).toEqual([]);
  });

  it("are not given for requests that share the steps of a batch", () => {
    const batch = Array.from({ length: 12 }, () => timeline(0, [30, 50], { timing: "step" }));
    const statistics = Object.values({ ...latencyReadings(batch) }).flatMap((distribution) =>
      Object.values(distribution),
    );
    expect(statistics.filter((reading) => "interval" in reading)).toEqual([]);
    expect(latencyReadings(batch).ttft.mean).toMatchObject({ value: 30, n: 12 });
  });

  it("are not given for requests that were in the engine at the same time, token by token", () => {
    const together = oneByOne.map((each, index) => (index === 6 ? timeline(560, [640, 660, 680]) : each));
    expect(latencyReadings(oneByOne).e2e.mean).toHaveProperty("interval");
    expect(latencyReadings(together).e2e.mean).not.toHaveProperty("interval");
    const inAnotherWindow = together.map((each, index) => (index === 6 ? { ...each, window: 1 } : each));
    expect(latencyReadings(inAnotherWindow).e2e.mean).toHaveProperty("interval");
  });

  it("are not given for requests of different lengths that come again in each window", () => {
    const again = (changes: Partial<RequestTimeline>): readonly RequestTimeline[] =>
      oneByOne.flatMap((each, index) => [each, { ...each, ...(index === 0 ? changes : {}), window: 1 }]);
    expect(latencyReadings(again({})).e2e.mean).toHaveProperty("interval");
    expect(latencyReadings(again({ input_tokens: 99 })).e2e.mean).not.toHaveProperty("interval");
    const once = oneByOne.map((each, index) => (index === 0 ? { ...each, input_tokens: 99 } : each));
    expect(latencyReadings(once).e2e.mean).toHaveProperty("interval");
  });
});
