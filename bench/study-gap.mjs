/**
 * What a study costs between two experiments: from the end of one's teardown to the start of the next engine's process,
 * over real experiments with the embedded engine, in a study of 200 and in one of 20,000. And what it keeps in memory.
 */
import { subscribe } from "node:diagnostics_channel";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStudy } from "../packages/study/src/index.ts";
import { planStudy } from "../packages/study/src/plan/plan-study.ts";
import { quantileOf } from "./statistics.mjs";

const EXPERIMENTS = Number(process.env.LEM_BENCH_RUNS ?? 200);
const SIZES = [EXPERIMENTS, 20_000];
const LIMIT_MS = 20;

/** Points that differ in a value that costs nothing: the same work in each. */
const studyText = (points) => `
name: gap
engine: llama-cpp
model: builtin:tiny
workload: {n: 1, input_tokens: 8, output_tokens: 4}
measurement: {windows: 1, warmup: {enabled: false}}
llama-cpp: {context: {threads: 1}}
sweep: {axes: {llama-cpp.sampling.temperature: {min: 0.1, max: 0.9, num: ${points}}}}
execution: {min_free_mib: 0}
`;

async function gapsIn(points) {
  const folder = mkdtempSync(join(tmpdir(), "lem-gap-"));
  const stop = new AbortController();
  const gaps = [];
  const memory = [];
  let ended;
  let runs = 0;
  const onSpawn = () => {
    if (ended !== undefined) gaps.push(performance.now() - ended);
    ended = undefined;
  };
  const onEvent = (event) => {
    if (event.type === "phase-finished" && event.phase === "teardown") ended = performance.now();
    if (event.type !== "experiment-finished") return;
    runs += 1;
    memory.push(process.memoryUsage().rss / 2 ** 20);
    if (runs >= EXPERIMENTS) stop.abort();
  };
  subscribe("child_process", onSpawn);
  try {
    writeFileSync(join(folder, "study.yaml"), studyText(points));
    const { plan, problems } = await planStudy({ cwd: folder, file: "study.yaml", flags: {} });
    if (plan === undefined) throw new Error(JSON.stringify(problems));
    const env = { ...process.env, LEM_LOCKS: join(folder, "locks") };
    const where = { resultsDir: join(folder, "results"), env, cwd: folder };
    await runStudy(plan, { ...where, emit: onEvent, signal: stop.signal });
    return { points: plan.runs.length, gaps, memory };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function benchmark() {
  const measured = [];
  for (const points of SIZES) measured.push(await gapsIn(points));
  const rounded = (value) => Number(value.toFixed(2));
  const targets = measured.map(({ points, gaps }) => ({
    what: `teardown to next start, p95 of ${gaps.length} in a study of ${points} experiments, ms`,
    value: rounded(quantileOf(gaps, 0.95)),
    limit: `<= ${LIMIT_MS}`,
    met: quantileOf(gaps, 0.95) <= LIMIT_MS,
  }));
  const sizes = measured.map(({ points, gaps, memory }) => ({
    points,
    median_ms: rounded(quantileOf(gaps, 0.5)),
    p95_ms: rounded(quantileOf(gaps, 0.95)),
    largest_ms: rounded(Math.max(...gaps)),
    rss_first_mib: rounded(memory[0]),
    rss_last_mib: rounded(memory.at(-1)),
  }));
  return { targets, sizes };
}
