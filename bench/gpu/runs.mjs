/**
 * `node bench/gpu/runs.mjs OUT NAME=RESULT_FOLDER...`: what `lem run` measured on a GPU, window by window, from the raw
 * samples of each result folder: J a token of every window with its spread, clocks, temperatures and throttling beside.
 * Runs whose names differ only in a number behind a dash are loads of one shape; runs of fewer than ten windows have no row. Writes one file a machine; nothing is
 * typed in by hand. BENCH_PART names a result that shall stand beside another of the same machine.
 */
import { coefficientOfVariation, mean } from "../../packages/domain/src/statistics/summary.ts";
import { readRuns } from "./lem-runs.mjs";
import { machineFacts, percent, rounded, target, unmeasured, writeResult } from "./machine.mjs";

const CV_PERCENT = 0.8;
const WINDOWS = 10;
const SAMPLER_SHARE = 0.01;
const CLEAN = 50;

const shapeOf = (name) => name.replace(/-\d+$/, "");

const throttling = (findings) => findings.filter((code) => /throttled|power-capped/.test(code));

function rowsOfRun({ of, status, windows, shortest_s, j_per_token_cv_percent: cv, findings = [] }) {
  if (status === "completed" && windows.length < WINDOWS) return [];
  const told = throttling(findings).length === 0 ? "" : ` (${throttling(findings).join(", ")})`;
  const what = `${of}: CV of J/token over ${windows.length} windows of >= ${shortest_s} s inside one load, %${told}`;
  if (status !== "completed" || cv === null) return [unmeasured(what, `<= ${CV_PERCENT}`, `the run is ${status}`)];
  return [target(what, cv, `<= ${CV_PERCENT}`, cv <= CV_PERCENT && shortest_s >= 1)];
}

/** Loads of one shape on one board: how their means differ. */
function loadsOf(runs) {
  const names = [...new Set(runs.map(({ of }) => shapeOf(of)))];
  return names
    .map((shape) => runs.filter(({ of, j_per_token_mean }) => shapeOf(of) === shape && j_per_token_mean !== null))
    .filter((loads) => loads.length > 1)
    .map((loads) => {
      const means = loads.map(({ j_per_token_mean }) => j_per_token_mean);
      return {
        shape: shapeOf(loads[0].of),
        loads: loads.length,
        j_per_token_means: means,
        j_per_token_mean: rounded(mean(means), 6),
        cv_percent: percent(coefficientOfVariation(means), 3),
      };
    });
}

/** The sampling threads of all runs, one a GPU, within the windows. */
function samplerTarget(runs) {
  const shares = runs
    .flatMap((run) => Object.values(run.sampler_share_of_a_core ?? {}))
    .filter((each) => each !== null);
  if (shares.length === 0) return [];
  const value = rounded(mean(shares), 3);
  return [
    target(
      `sampler of a GPU within the windows of ${runs.length} runs, share of a core`,
      value,
      `<= ${SAMPLER_SHARE}`,
      value <= SAMPLER_SHARE,
    ),
  ];
}

function targetsOf(runs, loads) {
  const rejected = runs.flatMap((run) => run.rejected ?? []);
  const windows = runs.reduce((sum, run) => sum + run.windows.length, 0);
  return [
    ...runs.flatMap(rowsOfRun),
    ...loads.map(({ shape, loads: n, cv_percent: cv }) =>
      target(`${shape}: CV of J/token over the means of ${n} loads, %`, cv, `<= ${CV_PERCENT}`, cv <= CV_PERCENT),
    ),
    windows < CLEAN
      ? unmeasured(`false rejects in ${CLEAN} clean live windows`, "0", `only ${windows} windows were run`)
      : target(`false rejects in ${windows} clean live windows`, rejected.length, "0", rejected.length === 0),
    ...samplerTarget(runs),
    target(
      "figures that differ when they are computed again from the raw samples",
      runs.reduce((sum, run) => sum + (run.recomputed_differently ?? 0), 0),
      "0",
      runs.every((run) => (run.recomputed_differently ?? 0) === 0),
    ),
  ];
}

const [out, ...named] = process.argv.slice(2);
const runs = [];
for (const each of named) {
  const [name, path] = each.split("=");
  runs.push(...(await readRuns(path, name)));
}
const here = await machineFacts();
for (const device of new Set(runs.map((run) => run.device))) {
  const own = runs.filter((run) => run.device === device);
  const loads = loadsOf(own);
  const machine = { device, driver: own[0].driver, lem: here.lem, node: here.node };
  writeResult(out, "runs", {
    part: process.env["BENCH_PART"],
    machine,
    loads,
    targets: targetsOf(own, loads),
    runs: own,
  });
}
