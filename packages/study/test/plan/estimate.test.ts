import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { estimateFrom, estimateOf } from "../../src/plan/estimate.ts";
import { planStudy } from "../../src/plan/index.ts";
import { runStudy } from "../../src/run-study.ts";

const GAP = { experiment_s: 2, cycle_s: 10, until_c: null, limit_s: 300 };
const ONCE = { cycles: 1, gap: { ...GAP, experiment_s: 0, cycle_s: 0 }, stop: null };
const work = { engine: "vllm", model: "m", experiments: 4, outputTokens: 1000, loads: 4 } as const;
const run = {
  engine: "vllm",
  model: "m",
  otherSeconds: 20,
  loadSeconds: 10,
  secondsAToken: 0.01,
  joulesAToken: 0.5,
} as const;

it("without a like run nothing is known", () => {
  const other = { ...run, model: "other" };
  expect(estimateOf([work], [other], ONCE)).toEqual({
    seconds: null,
    joules: null,
    runs: 0,
    unknownRuns: 4,
    basedOn: 0,
  });
});

it("what runs took besides their windows and what a token took make the estimate, by their medians", () => {
  const past = [run, { ...run, otherSeconds: 30, secondsAToken: 0.03 }, { ...run, otherSeconds: 900 }];
  expect(estimateOf([work], past, ONCE)).toEqual({
    seconds: 4 * 40 + 1000 * 0.01,
    joules: 500,
    runs: 4,
    unknownRuns: 0,
    basedOn: 3,
  });
});

it("cycles and pauses count; what is not known is counted beside", () => {
  const estimate = estimateOf([work, { ...work, model: "new" }], [run], { ...ONCE, cycles: 3, gap: GAP });
  expect(estimate).toMatchObject({ runs: 12, unknownRuns: 12, joules: 1500 });
  expect(estimate.seconds).toBe(3 * (4 * 30 + 10) + 9 * 2 + 2 * 10);
});

it("loads count as often as they take place; a run that took one over tells nothing of it", () => {
  const kept = { ...run, loadSeconds: undefined };
  const once = { ...work, loads: 1 };
  expect(estimateOf([work], [run, kept, kept], { ...ONCE, cycles: 3 }).seconds).toBe(3 * (4 * 20 + 4 * 10 + 10));
  expect(estimateOf([once], [run, kept, kept], { ...ONCE, cycles: 3 }).seconds).toBe(3 * (4 * 20 + 10 + 10));
  expect(estimateOf([once], [kept], ONCE).seconds).toBe(4 * 20 + 10);
});

it("a plan that keeps engines loaded counts each load of a cycle once", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lem-estimate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const axes = "{llama-cpp.context.threads: [1, 2], llama-cpp.sampling.temperature: [0, 0.5, 1]}";
  writeFileSync(join(folder, "s.yaml"), `model: builtin:tiny\nsweep: {axes: ${axes}}\n`);
  const loadsOf = async (set: readonly string[]): Promise<readonly number[]> => {
    const { work: planned } = await planStudy({ cwd: folder, file: "s.yaml", flags: { set } });
    return planned.map(({ loads }) => loads);
  };
  const kept = ["execution.keep_loaded=true", "execution.order=grouped"];
  expect([await loadsOf([]), await loadsOf(kept)]).toEqual([[6], [2]]);
});

it("energy is unknown where like runs did not measure it", () => {
  expect(estimateOf([work], [{ ...run, joulesAToken: undefined }], ONCE).joules).toBeNull();
});

it("results on disk are what an estimate rests on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "lem-estimate-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const set = ["model=builtin:tiny", "workload.n=1", "workload.lengths=8", "workload.output_tokens=4"];
  const quick = [
    "measurement.windows=1",
    "measurement.warmup.max_runs=2",
    "measurement.warmup.min_runs=1",
    "measurement.warmup.window=2",
  ];
  const { plan, work: planned } = await planStudy({
    cwd: folder,
    flags: { set: [...set, ...quick, "llama-cpp.context.threads=1"] },
  });
  if (plan === undefined) throw new Error("refused");
  const results = join(folder, "results");
  expect(await estimateFrom(results, { work: planned, execution: plan.execution })).toMatchObject({ seconds: null });
  const started = performance.now();
  await runStudy(plan, { resultsDir: results, env: process.env, cwd: folder });
  const took = (performance.now() - started) / 1000;
  const estimate = await estimateFrom(results, { work: planned, execution: plan.execution });
  expect(estimate).toMatchObject({ runs: 1, unknownRuns: 0, basedOn: 1 });
  expect(estimate.seconds).toBeGreaterThan(0);
  expect(estimate.seconds).toBeLessThan(took + 1);
}, 120_000);
