/**
 * What `execution.keep_loaded` saves and changes: the same runs with an engine each and with one for all, by turns (ABBA),
 * each round one cycle of either. Pairs of the same run and round are compared: output ids, seconds, and the figures whose
 * difference a user would want to know. BENCH_KEEP names the file of another study to try (without `execution`), for machines
 * with a GPU (bench/gpu/keep-loaded.yaml); BENCH_ROUNDS says how many rounds, BENCH_SECONDS for how long at most. With
 * BENCH_CYCLES=N there is one study of two runs in N cycles, by turns the one and the other first: the first loads, the
 * second is kept, so that half of all runs count on either side.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { comparePairs, correctFamily, isAvailable } from "../packages/domain/src/index.ts";
import { rawResultPaths } from "../packages/study/src/results/layout.ts";
import { readRequestsParquet } from "../packages/study/src/results/requests-parquet.ts";
import { readResult } from "../packages/study/src/results/read.ts";
import { planStudy } from "../packages/study/src/plan/plan-study.ts";
import { runStudy } from "../packages/study/src/run-study.ts";
import { machineFacts } from "./gpu/machine.mjs";
import { median } from "./statistics.mjs";

const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 6);
const CYCLES = Number(process.env["BENCH_CYCLES"] ?? 0);

const STUDIES = {
  "llama-cpp, SmolLM2-135M": `
engine: llama-cpp
model: smollm2-135m
workload: {n: 2, input_tokens: 32, output_tokens: 32}
measurement: {windows: 2, warmup: {max_runs: 3}}
llama-cpp: {context: {threads: 1}}
sweep: {axes: {llama-cpp.sampling.temperature: [0, 0.5, 0.8, 1.1]}}
`,
  "transformers, builtin:tiny": `
engine: transformers
model: builtin:tiny
workload: {n: 2, input_tokens: 32, output_tokens: 32}
measurement: {windows: 2, warmup: {max_runs: 3}}
sweep:
  axes:
    transformers.generation:
      - {do_sample: false}
      - {do_sample: true, temperature: 0.8}
      - {do_sample: true, top_k: 5}
      - {do_sample: true, top_p: 0.5}
`,
};

/** Figures whose values are compared, by where a result has them. */
const FIGURES = {
  "J/output token": ({ energy }) => energy["joules_per_output_token"],
  "J/output token above idle, loaded": ({ energy }) => energy["above_idle_loaded_joules_per_output_token"],
  "output tok/s": ({ throughput }) => throughput.output_tokens_per_second,
  "TTFT mean": ({ latency }) => latency.ttft.mean,
  "peak memory": ({ memory }) => memory["process_peak"],
};

const shown = (value) => Number(value.toPrecision(4));

/** A study with some settings of its execution: its runs by cycle, those that did not complete left out. */
async function runsOf(text, settings) {
  const folder = mkdtempSync(join(tmpdir(), "lem-keep-"));
  try {
    const execution = { min_free_mib: 0, ...settings };
    writeFileSync(join(folder, "study.yaml"), `${text}\nexecution: ${JSON.stringify(execution)}\n`);
    const cwd = process.cwd();
    const { plan, problems } = await planStudy({ cwd, file: join(folder, "study.yaml"), flags: {} });
    if (plan === undefined) throw new Error(JSON.stringify(problems));
    const env = { ...process.env, LEM_LOCKS: process.env["LEM_LOCKS"] ?? join(folder, "locks") };
    const { folder: study } = await runStudy(plan, { resultsDir: join(folder, "results"), env, cwd });
    const cycles = [];
    for (let cycle = 1; cycle <= (settings.cycles ?? 1); cycle++)
      cycles.push(await Promise.all(plan.runs.map(({ id }) => runOf(study, { id, cycle, rank: 0 }))));
    return cycles;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A run with its seconds from start to end, its ids and its figures; undefined where it did not complete. */
async function runOf(study, at) {
  const paths = rawResultPaths(study, at);
  if (!existsSync(paths.result)) return undefined;
  const result = await readResult(paths.result);
  if (result.status !== "completed") {
    console.log(`${at.id}, cycle ${at.cycle}: ${result.failure?.code} ${result.failure?.message}`);
    return undefined;
  }
  const timelines = await readRequestsParquet(paths.requests);
  return {
    id: at.id,
    ids: JSON.stringify(timelines.map(({ output_ids }) => [...output_ids])),
    kept: result.engine.kept_loaded !== undefined,
    seconds: (Date.parse(result.finished_at) - Date.parse(result.started_at)) / 1000,
    phases: result.phases,
    engine: `${result.engine.name} ${result.engine.version}`,
    figures: Object.fromEntries(Object.entries(FIGURES).map(([name, read]) => [name, read(result)])),
  };
}

/** Seconds in which rounds may begin, as long as one more is expected to end by then. */
const LIMIT_S = Number(process.env["BENCH_SECONDS"] ?? Infinity);

/** All rounds: pairs of a fresh and a kept run of the same experiment; the first of a cycle is fresh in both, and left out. */
async function pairsOf(text) {
  const pairs = [];
  const began = performance.now();
  for (let round = 0; round < ROUNDS; round++) {
    const spent_s = (performance.now() - began) / 1000;
    if (spent_s + spent_s / Math.max(round, 1) > LIMIT_S) break;
    const cycleOf = async (keep) => (await runsOf(text, { order: "grouped", keep_loaded: keep }))[0];
    const first = await cycleOf(round % 2 === 1);
    const second = await cycleOf(round % 2 === 0);
    const [fresh, kept] = round % 2 === 0 ? [first, second] : [second, first];
    for (const [index, run] of kept.entries())
      if (run?.kept && fresh[index] !== undefined) pairs.push({ fresh: fresh[index], kept: run });
  }
  return pairs;
}

/** Pairs of one study whose two runs change places from cycle to cycle: what one cycle loads, the next one keeps. */
async function turnsOf(text, cycles) {
  const budget = Number.isFinite(LIMIT_S) ? { budget: { hours: LIMIT_S / 3600 } } : {};
  const found = await runsOf(text, { order: "latin-square", keep_loaded: true, cycles, ...budget });
  return found.flatMap((cycle, index) => {
    if (index % 2 === 1) return [];
    return cycle.flatMap((run, point) => {
      const pair = [run, found[index + 1]?.[point]];
      const [fresh, kept] = [pair.find((each) => each?.kept === false), pair.find((each) => each?.kept === true)];
      return fresh === undefined || kept === undefined ? [] : [{ fresh, kept }];
    });
  });
}

/** What a run of a pair said: its seconds, phases and figures. */
const told = ({ seconds, phases, figures, engine }) => ({
  seconds: shown(seconds),
  engine,
  phases: Object.fromEntries(phases.map(({ phase, seconds: took }) => [phase, shown(took)])),
  figures: Object.fromEntries(
    Object.entries(figures).flatMap(([name, reading]) =>
      reading !== undefined && isAvailable(reading) ? [[name, Number(reading.value.toPrecision(6))]] : [],
    ),
  ),
});

function differencesOf(pairs) {
  const compared = Object.keys(FIGURES).flatMap((name) => {
    const valuesOf = (side) => pairs.map((pair) => pair[side].figures[name]);
    const [fresh, kept] = [valuesOf("fresh"), valuesOf("kept")];
    if (![...fresh, ...kept].every((reading) => reading !== undefined && isAvailable(reading))) return [];
    const comparison = comparePairs(
      fresh.map(({ value }) => value),
      kept.map(({ value }) => value),
    );
    return comparison === undefined ? [] : [{ name, ...comparison }];
  });
  return correctFamily(compared).map(({ name, relative, low, high, adjusted_p, distinguishable }) => ({
    name,
    relative: shown(relative),
    low: shown(low),
    high: shown(high),
    adjusted_p: shown(adjusted_p),
    distinguishable,
  }));
}

export async function benchmark() {
  const other = process.env["BENCH_KEEP"];
  const studies = other === undefined ? STUDIES : { [other]: readFileSync(other, "utf8") };
  const targets = [];
  const measured = {};
  for (const [name, text] of Object.entries(studies)) {
    const pairs = CYCLES > 0 ? await turnsOf(text, CYCLES) : await pairsOf(text);
    const seconds = (side) => median(pairs.map((pair) => pair[side].seconds));
    const other_ids = pairs.filter(({ fresh, kept }) => fresh.ids !== kept.ids).length;
    measured[name] = {
      pairs: pairs.length,
      fresh_s: shown(seconds("fresh")),
      kept_s: shown(seconds("kept")),
      figures: differencesOf(pairs),
      runs: pairs.map(({ fresh, kept }) => ({ id: kept.id, fresh: told(fresh), kept: told(kept) })),
    };
    targets.push(
      {
        what: `${name}: kept runs whose output differs, of ${pairs.length}`,
        value: other_ids,
        limit: "0",
        met: other_ids === 0,
      },
      {
        what: `${name}: seconds of a kept run / of a fresh one`,
        value: shown(seconds("kept") / seconds("fresh")),
        limit: "< 1",
        met: seconds("kept") < seconds("fresh"),
      },
    );
  }
  const { device, driver, gpus } = await machineFacts();
  return { ...(gpus.length > 0 && { gpu: { device, driver, gpus } }), targets, measured };
}
