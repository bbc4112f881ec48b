import { describe, expect, it } from "vitest";
import { METRIC_TAGS, NEEDS, type MetricGroup, type MetricTag } from "../../src/metrics/declaration.ts";
import { METRICS, metric } from "../../src/metrics/declarations.ts";
import { latencyReadings, type LatencyReadings } from "../../src/metrics/latency.ts";
import { throughputReadings, type ThroughputReadings } from "../../src/metrics/throughput.ts";
import type { ExperimentResult } from "../../src/result.ts";
import { UNITS } from "../../src/units.ts";

const tagsOf = (group: MetricGroup): string[] => METRICS.filter((one) => one.group === group).map(({ tag }) => tag);

describe("metric declarations", () => {
  it("are one a tag, in the tags' order", () => {
    expect(METRICS.map(({ tag }) => tag)).toEqual([...METRIC_TAGS]);
  });

  it.each(METRICS)("$tag is complete", ({ tag, title, unit, formula, needs, source }) => {
    expect(tag).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
    expect(UNITS).toContain(unit);
    expect(needs.length).toBeGreaterThan(0);
    expect(NEEDS).toEqual(expect.arrayContaining([...needs]));
    expect([title, formula, source].filter((text) => text.trim().length < 3)).toEqual([]);
  });

  it("have titles of their own", () => {
    expect(new Set(METRICS.map(({ title }) => title)).size).toBe(METRICS.length);
  });

  it("use every need", () => {
    const used = new Set(METRICS.flatMap(({ needs }) => needs));
    expect(NEEDS.filter((need) => !used.has(need))).toEqual([]);
  });

  it.each(METRIC_TAGS)("%s is found by its tag", (tag) => {
    expect(metric(tag).tag).toBe(tag);
  });
});

describe("sections of a result", () => {
  it("throughput and latency hold the declared metrics and no other", () => {
    expect(Object.keys(throughputReadings([]))).toEqual(tagsOf("throughput"));
    expect(Object.keys(latencyReadings([]))).toEqual(tagsOf("latency"));
  });

  it("have fields that are tags, for the compiler too", () => {
    const undeclared: Exclude<keyof ThroughputReadings | keyof LatencyReadings, MetricTag>[] = [];
    const sections: Exclude<MetricGroup, keyof ExperimentResult>[] = [];
    expect([...undeclared, ...sections]).toEqual([]);
  });

  it("store a distribution by statistic and a scalar as one reading", () => {
    const shapes = new Map(METRICS.map(({ tag, shape }) => [tag as string, shape]));
    const found = { ...throughputReadings([]), ...latencyReadings([]) };
    const stored = Object.entries(found).map(([tag, value]) => [tag, "status" in value ? "scalar" : "distribution"]);
    expect(stored).toEqual(stored.map(([tag]) => [tag, shapes.get(tag as string)]));
  });
});
