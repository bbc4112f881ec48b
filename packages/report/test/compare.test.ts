import { expect, test } from "vitest";
import { fact, measured, type ExperimentResult, type Reading, type Unit } from "@lem/domain";
import { compareResults, comparisonLines } from "../src/compare.ts";
import { none, resultOf } from "./result-of.ts";

/** A reading of ten windows that is known to half a percent. */
const known = (value: number, unit: Unit): Reading =>
  measured({
    value,
    unit,
    source: "ring",
    n: 10,
    interval: { level: 0.95, low: 0.995 * value, high: 1.005 * value, method: "cosine-t" },
    systematic: { relative: 0.05, source: "gain" },
  });

interface Changes {
  readonly perToken?: number;
  readonly rate?: number;
  readonly board?: string;
  readonly prompts?: string;
  readonly verdict?: ExperimentResult["quality"]["verdict"];
}

function runOf({
  perToken = 0.1,
  rate = 1000,
  board = "GPU-a",
  prompts = "x",
  verdict = "valid",
}: Changes = {}): ExperimentResult {
  const plain = resultOf();
  return {
    ...plain,
    energy: { joules_per_output_token: known(perToken, "J/token"), mean_power: known(300, "W") },
    throughput: { ...plain.throughput, output_tokens_per_second: known(rate, "token/s") },
    environment: { ...plain.environment, facts: { gpu: { gpu0_uuid: fact(board, "NVML") } } as never },
    workload: plain.workload && { ...plain.workload, input_ids_sha256: prompts },
    quality: { verdict, findings: [] },
  };
}

const screen = (...results: readonly ExperimentResult[]): string =>
  compareResults(results)
    .map((each) => comparisonLines(each).join("\n"))
    .join("\n");

test("what differs is shown with its interval, what does not is said to be not distinguishable", () => {
  const shown = screen(runOf(), runOf({ perToken: 0.12, rate: 1001 }));
  expect(shown).toMatch(
    /energy per output token +0\.1000+ J\/token → 0\.1200+ J\/token +\+20\.0 % \(95 %: \+\d+\.\d % to \+\d+\.\d %\)/,
  );
  expect(shown).toMatch(/output throughput .*not distinguishable: \+0\.10 % \(95 %: −/);
});

test("what one result lacks is told with its reason", () => {
  const [found] = compareResults([runOf(), { ...runOf(), energy: { joules_per_output_token: none } }]);
  expect(found?.metrics[0]?.outcome).toEqual({ status: "unknown", detail: "the second is unavailable: too few" });
});

test("figures of a result that contradicts itself or failed are not compared", () => {
  expect(screen(runOf(), runOf({ verdict: "invalid" }))).toContain("the result contradicts itself");
  expect(screen({ ...runOf(), status: "failed" }, runOf())).toContain("the experiment is failed");
});

test("between two boards a difference within their gains is not distinguishable", () => {
  const shown = screen(runOf(), runOf({ perToken: 0.105, board: "GPU-b", rate: 1100 }));
  expect(shown).toMatch(/energy per output token .*not distinguishable/);
  expect(shown).toMatch(/output throughput .*\+10\.0 %/);
  expect(shown).toContain("two boards");
  expect(screen(runOf(), runOf({ perToken: 0.105 }))).not.toMatch(/energy per output token .*not distinguishable/);
});

test("fields that were set differently are named, with both values", () => {
  const withConfig = (resolved: ExperimentResult["config"]["resolved"]): ExperimentResult => {
    const result = runOf();
    return { ...result, config: { ...result.config, resolved } };
  };
  const first = withConfig({ name: "a", workload: { concurrency: 64, n: 8 }, vllm: { engine: { dtype: "bfloat16" } } });
  const second = withConfig({ name: "b", workload: { concurrency: 256, n: 8 } });
  const [found] = compareResults([first, second]);
  expect(found?.differs).toEqual([
    { path: "workload.concurrency", first: 64, second: 256 },
    { path: "vllm.engine.dtype", first: "bfloat16" },
  ]);
  expect(screen(first, second)).toContain('vllm.engine.dtype: "bfloat16" → not set');
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`k${index}`, index]));
  expect(screen(withConfig({}), withConfig(many))).toContain("and 3 other fields");
});

test("findings that speak against either result are named", () => {
  const finding = { code: "quality.throttled", severity: "warn", message: "hot" } as const;
  const hot = { ...runOf(), quality: { verdict: "valid", findings: [finding] } } as const;
  expect(screen(hot, runOf())).toContain("the first is flagged: quality.throttled");
});

test("other prompts are told", () => {
  expect(screen(runOf(), runOf({ prompts: "y" }))).toContain("other prompts");
  expect(screen(runOf(), runOf())).not.toContain("!");
});

test("many results are one family: what is apart only alone is not", () => {
  const near = runOf({ perToken: 0.1012 });
  const alone = compareResults([runOf(), near])[0]?.metrics[0]?.outcome;
  const among = compareResults([runOf(), near, ...Array.from({ length: 8 }, () => runOf())])[0]?.metrics[0]?.outcome;
  expect(alone).toMatchObject({ p: expect.any(Number) });
  expect(among?.status === "compared" && alone?.status === "compared" && among.adjusted_p > alone.adjusted_p).toBe(
    true,
  );
});

test("experiments of several cycles are judged by them, those of one study in pairs", () => {
  const withCycles = (values: readonly number[]): ExperimentResult => ({
    ...runOf(),
    repeats: {
      cycles: [],
      figures: {
        "energy.joules_per_output_token": {
          ...({} as NonNullable<ExperimentResult["repeats"]>["figures"][string]),
          values: values.map((value, index) => [index + 1, value] as const),
        },
      },
    },
  });
  const results = [withCycles([0.1, 0.11, 0.12]), withCycles([0.102, 0.1121, 0.1219])];
  expect(screen(...results)).toMatch(/energy per output token .*not distinguishable: \+1\.8 % .*, by cycles\n/);
  const [paired] = compareResults(results, { paired: true });
  expect(paired?.metrics[0]?.outcome).toMatchObject({
    by: "paired-cycles",
    distinguishable: true,
    relative: expect.closeTo(0.0182, 4),
  });
});

test("one result alone compares with nothing", () => {
  expect(compareResults([runOf()])).toEqual([]);
  expect(compareResults([])).toEqual([]);
});
