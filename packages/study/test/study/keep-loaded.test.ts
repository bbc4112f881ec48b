import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { planOfText, runAll, type StoredRun } from "../fixtures/kept-study.ts";

/** Studies of real experiments in which a loaded model serves several of them. */

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lem-kept-"));
});
afterEach(() => {
  noEngineLeft();
  rmSync(folder, { recursive: true, force: true });
});

const enginesOf = (pid: number): readonly string[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((child) => child !== "" && readFileSync(`/proc/${child}/cmdline`, "utf8").includes("llama-cpp/worker"));

const noEngineLeft = (): void => expect(enginesOf(process.pid)).toEqual([]);

const studyText = (execution: string, axes = "llama-cpp.sampling.temperature: [0, 0.7, 1.3]"): string => `
name: kept
engine: llama-cpp
model: builtin:tiny
workload: {n: 2, input_tokens: 8, output_tokens: 12}
measurement: {windows: 1, warmup: {enabled: false}}
llama-cpp: {context: {threads: 1}}
sweep: {axes: {${axes}}}
execution: {min_free_mib: 0, ${execution}}
`;

const phasesOf = ({ result }: StoredRun): readonly string[] => result.phases.map(({ phase }) => phase);

test("a kept model gives what fresh loads give, without loading, and each result says who loaded it", async () => {
  const fresh = await runAll(folder, await planOfText(folder, studyText("order: grouped")));
  const kept = await runAll(folder, await planOfText(folder, studyText("order: grouped, keep_loaded: true")));
  expect(kept.outcome).toMatchObject({ status: "completed", counts: { completed: 3 } });
  expect(kept.runs.map(({ ids }) => ids)).toEqual(fresh.runs.map(({ ids }) => ids));
  expect(new Set(kept.runs.map(({ ids }) => JSON.stringify(ids))).size).toBe(3);
  expect(kept.runs.map(({ result }) => result.config.effective)).toEqual(
    fresh.runs.map(({ result }) => result.config.effective),
  );
  const [first, second, third] = kept.runs as [StoredRun, StoredRun, StoredRun];
  expect(phasesOf(first)).toEqual(["prepare", "start", "load", "tokenize", "warmup", "measure"]);
  expect(phasesOf(second)).toEqual(["prepare", "configure", "tokenize", "warmup", "measure"]);
  expect(phasesOf(third)).toEqual(["prepare", "configure", "tokenize", "warmup", "measure", "teardown"]);
  expect(first.result.engine).not.toHaveProperty("kept_loaded");
  const loader = { experiment_id: first.result.experiment_id, cycle: 1 };
  expect(second.result.engine.kept_loaded).toMatchObject(loader);
  expect(third.result.engine.kept_loaded).toMatchObject(loader);
  const ages = [second, third].map(({ result }) => result.engine.kept_loaded?.age_s ?? 0);
  expect(ages[0]).toBeGreaterThan(0);
  expect(ages[1]).toBeGreaterThan(ages[0] ?? 0);
  expect(second.result.quality.findings.map(({ code }) => code)).toContain("quality.kept-loaded");
  expect(readFileSync(second.log, "utf8")).not.toContain("llama_model_loader");
}, 240_000);

test("each cycle loads anew, and so does a run that another load would serve otherwise", async () => {
  const axes = "llama-cpp.sampling.temperature: [0, 1], workload.output_tokens: [4, 300]";
  const text = studyText("order: grouped, keep_loaded: true, cycles: 2", axes);
  const { runs } = await runAll(folder, await planOfText(folder, text));
  expect(runs).toHaveLength(8);
  const loads = runs.filter((run) => phasesOf(run).includes("load"));
  for (const run of runs) {
    const { kept_loaded } = run.result.engine;
    expect(kept_loaded === undefined).toBe(phasesOf(run).includes("load"));
  }
  // The context is made for the work: runs of other lengths have another.
  expect(loads).toHaveLength(4);
}, 240_000);

test("a run that fails ends the engine, and the next one loads anew", async () => {
  const axes = "llama-cpp.sampling.seed: [1, 2, 3]";
  const plan = await planOfText(folder, studyText("order: grouped, keep_loaded: true, timeout: 600", axes));
  const kept = new Set<number>();
  const stop = { done: false };
  const { outcome, runs } = await runAll(folder, plan, {
    onResult: () => {
      const [engine] = enginesOf(process.pid).map(Number);
      if (engine === undefined) return;
      kept.add(engine);
      if (!stop.done) process.kill(engine, "SIGKILL");
      stop.done = true;
    },
  });
  // The engine died between two runs: the second one noticed, and started another.
  expect(outcome).toMatchObject({ status: "completed" });
  expect(runs.map((run) => phasesOf(run).includes("load"))).toEqual([true, true, false]);
  expect(kept.size).toBe(2);
}, 240_000);

test("an engine that is kept ends with a study that is interrupted", async () => {
  const controller = new AbortController();
  const plan = await planOfText(folder, studyText("order: grouped, keep_loaded: true, gap: 30"));
  const options = { signal: controller.signal, onResult: () => setTimeout(() => controller.abort(), 300) };
  const { outcome } = await runAll(folder, plan, options);
  expect(outcome).toMatchObject({ status: "interrupted", counts: { completed: 1 } });
}, 240_000);
