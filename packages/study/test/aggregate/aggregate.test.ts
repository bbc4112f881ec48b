import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isAvailable, measured, summarizeRepeats, unavailable, type ExperimentResult, type Reading } from "@lem/domain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aggregateResults, type RawResult } from "../../src/aggregate/aggregate.ts";
import { readRawResults } from "../../src/aggregate/read-raw.ts";
import { storeAggregate } from "../../src/aggregate/store-aggregate.ts";
import { parseResult } from "../../src/results/codec.ts";
import { aggregatePath, rawResultPaths } from "../../src/results/layout.ts";
import { runStudy } from "../../src/run-study.ts";
import { tinyPlan } from "../fixtures/tiny-plan.ts";

/** A real study of one experiment in three cycles. */
let root: string;
let study: string;
let id: string;
let raw: readonly RawResult[];

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "lem-aggregate-"));
  const plan = await tinyPlan({ points: 1, execution: { cycles: 3 }, set: ["measurement.windows=2"] });
  const outcome = await runStudy(plan, { resultsDir: join(root, "results"), env: process.env, cwd: root });
  study = outcome.folder;
  id = plan.runs[0]?.id ?? "";
  raw = await readRawResults(study, id);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

const readAggregate = (): ExperimentResult => {
  const file = aggregatePath(study, id);
  return parseResult(JSON.parse(readFileSync(file, "utf8")), file);
};

const rateOf = ({ throughput }: ExperimentResult): number => {
  const reading = throughput.output_tokens_per_second;
  return isAvailable(reading) ? reading.value : Number.NaN;
};

/** The first cycle's result with another throughput, under another number. */
const cycleWith = (
  cycle: number,
  output_tokens_per_second: Reading,
  more: Partial<ExperimentResult> = {},
): RawResult => {
  const [first] = raw as [RawResult];
  const throughput = { ...first.result.throughput, output_tokens_per_second };
  return { cycle, rank: 0, result: { ...first.result, throughput, ...more } };
};
const rate = (value: number): Reading => measured({ value, unit: "token/s", source: "clock" });

describe("the aggregate of a study that ran", () => {
  it("is stored beside the raw results, and says what its cycles say", () => {
    expect(raw.map(({ cycle, rank }) => [cycle, rank])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    const aggregate = readAggregate();
    const rates = raw.map(({ result }) => rateOf(result));
    const summary = summarizeRepeats(rates);
    expect(aggregate.throughput.output_tokens_per_second).toMatchObject({
      status: "measured",
      value: summary?.mean,
      interval: summary?.interval,
      unit: "token/s",
    });
    expect(aggregate.repeats?.figures["throughput.output_tokens_per_second"]).toMatchObject({
      n: 3,
      values: rates.map((value, index) => [index + 1, value]),
      median: summary?.median,
    });
    expect(aggregate.repeats?.cycles).toHaveLength(3);
    expect(aggregate.windows.map(({ window }) => window)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(aggregate.tokens?.output).toBe(raw.reduce((sum, { result }) => sum + (result.tokens?.output ?? 0), 0));
    expect(aggregate.energy["total_j"]).toEqual(raw[0]?.result.energy["total_j"]);
  });

  it("comes again from the raw results alone", async () => {
    const before = readFileSync(aggregatePath(study, id), "utf8");
    writeFileSync(aggregatePath(study, id), "garbage");
    await storeAggregate(study, id);
    expect(readFileSync(aggregatePath(study, id), "utf8")).toBe(before);
  });

  it("does not hide a raw result that is damaged", async () => {
    const { result: file } = rawResultPaths(study, { id, cycle: 2, rank: 0 });
    const whole = readFileSync(file, "utf8");
    writeFileSync(file, whole.slice(0, 100));
    await expect(storeAggregate(study, id)).rejects.toMatchObject({ code: "results.invalid" });
    writeFileSync(file, whole);
  });

  it("is nothing where nothing was stored", async () => {
    expect(await storeAggregate(study, "0000")).toBeUndefined();
  });
});

describe("cycles", () => {
  it("of one are that result, byte for byte", () => {
    const [first] = raw as [RawResult];
    expect(aggregateResults([first])).toBe(first.result);
  });

  it("count as one observation each, and those without the figure do not count", () => {
    const aggregate = aggregateResults([
      cycleWith(1, rate(10)),
      cycleWith(2, unavailable("too-few-samples", "nothing")),
      cycleWith(3, rate(14)),
    ]);
    expect(aggregate.throughput.output_tokens_per_second).toMatchObject({ value: 12 });
    expect(aggregate.repeats?.figures["throughput.output_tokens_per_second"]?.values).toEqual([
      [1, 10],
      [3, 14],
    ]);
  });

  it("give the outermost of minimum and maximum, and keep quantiles in their order", () => {
    const { latency } = aggregateResults(raw);
    const most = raw.map(({ result }) => result.latency.e2e.max).filter(isAvailable);
    expect(latency.e2e.max).toMatchObject({ value: Math.max(...most.map(({ value }) => value)) });
    expect(aggregateResults(raw).quality.findings.map(({ code }) => code)).not.toContain("quality.contradiction");
  });

  it("that failed are counted, and give no figure", () => {
    const failed = cycleWith(2, rate(1000), { status: "failed" });
    const aggregate = aggregateResults([cycleWith(1, rate(10)), failed, cycleWith(3, rate(12))]);
    expect(aggregate.status).toBe("completed");
    expect(aggregate.throughput.output_tokens_per_second).toMatchObject({ value: 11 });
    expect(aggregate.repeats?.cycles.map(({ status }) => status)).toEqual(["completed", "failed", "completed"]);
    expect(aggregate.quality.findings).toContainEqual(
      expect.objectContaining({ code: "quality.cycles-failed", message: "1 of 3 cycles failed" }),
    );
    const none = aggregateResults([failed, { ...failed, cycle: 3 }]);
    expect(none).toMatchObject({ status: "failed", repeats: { figures: {} } });
  });

  it("that lie far from the others are named, and counted", () => {
    const rates = [10, 10.1, 9.9, 10.05, 30];
    const aggregate = aggregateResults(rates.map((value, index) => cycleWith(index + 1, rate(value))));
    expect(aggregate.repeats?.figures["throughput.output_tokens_per_second"]).toMatchObject({
      n: 5,
      outliers: [expect.objectContaining({ cycle: 5, value: 30 })],
    });
    expect(aggregate.quality.findings).toContainEqual(
      expect.objectContaining({
        code: "quality.cycle-outlier",
        message: expect.stringMatching(/^throughput\.output_tokens_per_second of cycle 5/) as string,
      }),
    );
  });

  it("are judged together: what some of them found is said of so many", () => {
    const findings = [{ code: "quality.x", severity: "warn", message: "something" }] as const;
    const found = cycleWith(2, rate(10), { quality: { verdict: "suspect", findings } });
    const aggregate = aggregateResults([
      cycleWith(1, rate(10), { quality: { verdict: "valid", findings: [] } }),
      found,
    ]);
    expect(aggregate.quality).toEqual({
      verdict: "suspect",
      findings: [{ code: "quality.x", severity: "warn", message: "something (1 of 2 cycles)" }],
    });
  });
});
