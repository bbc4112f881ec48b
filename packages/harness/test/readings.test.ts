import { describe, expect, it } from "vitest";
import { METRICS } from "@lem/domain";
import { missingReadings, readingsOf, type ReadingSections } from "../src/readings.ts";
import { tinyModel } from "./support/experiment.ts";
import { measurementOf, timelineOf, windowOf } from "./support/measurement.ts";

const sections = readingsOf(measurementOf([windowOf(0), windowOf(1)]), tinyModel.config);

const tagsOf = (found: ReadingSections): string[] =>
  (
    ["throughput", "latency", "energy", "flops", "memory", "utilisation", "cache", "steady", "engine_phases"] as const
  ).flatMap((section) => Object.keys(found[section]).map((tag) => `${section}.${tag}`));

describe("readingsOf", () => {
  it("has every declared metric in its section, measured or not", () => {
    const declared = METRICS.map(({ group, tag }) => `${group}.${tag}`).toSorted();
    expect(tagsOf(sections).toSorted()).toEqual(declared);
    expect(tagsOf(missingReadings("the engine failed")).toSorted()).toEqual(declared);
  });

  it("counts tokens and rates over the windows", () => {
    expect(sections.tokens).toEqual({ input: 40, output: 16 });
    expect(sections.throughput.output_tokens_per_second).toMatchObject({ value: 8 / 6, unit: "token/s", n: 2 });
    expect(sections.throughput.requests_per_second).toMatchObject({ value: 2 / 6 });
  });

  it("takes latency from the tokens of all windows", () => {
    expect(sections.latency.ttft.mean).toMatchObject({ value: 20, unit: "ms", n: 4 });
    expect(sections.latency.itl.mean).toMatchObject({ value: 10, n: 12 });
    expect(sections.latency.e2e.max).toMatchObject({ value: 50 });
  });

  it("counts nothing of cancelled requests anywhere", () => {
    const timelines = [
      timelineOf(0),
      timelineOf(1, {
        finish: "cancelled",
        token_ns: Float64Array.of(9e9),
        output_ids: Int32Array.of(1),
        output_tokens: 1,
      }),
    ];
    const found = readingsOf(measurementOf([windowOf(0, { timelines })]), tinyModel.config);
    expect(found.tokens).toEqual({ input: 10, output: 4 });
    expect(found.latency.e2e.max).toMatchObject({ value: 50, n: 1 });
    const alone = readingsOf(measurementOf([windowOf(0, { timelines: timelines.slice(0, 1) })]), tinyModel.config);
    expect(found.flops).toEqual(alone.flops);
  });

  it("models FLOPs, and says so", () => {
    expect(sections.flops_method).toMatchObject({ method: "analytic" });
    const { executed_flop, flop_per_output_token, flop_per_second } = sections.flops;
    expect(executed_flop?.status).toBe("modelled");
    const executed = executed_flop?.status === "modelled" ? executed_flop.value : Number.NaN;
    expect(executed).toBeGreaterThan(0);
    expect(flop_per_output_token).toMatchObject({ status: "modelled", value: executed / 16 });
    expect(flop_per_second).toMatchObject({ status: "modelled", value: executed / 12, unit: "FLOP/s" });
  });

  it("falls back to the engine's parameter count for an unknown shape, and to a reason without one", () => {
    const measurement = measurementOf([windowOf(0)]);
    expect(readingsOf(measurement, { model_type: "mystery" }).flops_method).toMatchObject({
      method: "parameter-count",
    });
    const model = { ...measurement.load.model, parameters: null };
    const uncounted = { ...measurement, load: { ...measurement.load, model } };
    const found = readingsOf(uncounted, { model_type: "mystery" });
    expect(found.flops["executed_flop"]).toMatchObject({ status: "unavailable", reason: "unknown-architecture" });
    expect(found.flops_method).toBeNull();
  });

  it("is without figures when no window was completed", () => {
    const found = readingsOf(measurementOf([]), tinyModel.config);
    expect(found.tokens).toBeNull();
    expect(found.throughput.output_tokens_per_second).toMatchObject({ reason: "not-completed" });
  });
});
