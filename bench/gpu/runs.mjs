/**
 * `node bench/gpu/runs.mjs RESULTS...`: what `lem run` measured on a GPU, window by window, from the raw samples of each
 * result folder: J a token of every window with its spread, clocks, temperatures and throttling beside. Writes one file
 * a machine into bench/results; nothing is typed in by hand.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { coefficientOfVariation, mean } from "../../packages/domain/src/statistics/summary.ts";
import { pointsBetween, pointsOf } from "../../packages/harness/src/energy/recording.ts";
import { windowEnergy } from "../../packages/harness/src/energy/window-energy.ts";
import { readResult } from "../../packages/study/src/results/read.ts";
import { recomputeResults } from "../../packages/study/src/results/recompute.ts";
import { readRawEnergy } from "../../packages/study/src/results/samples-parquet.ts";

const root = join(import.meta.dirname, "../..");
const rounded = (value, digits = 5) => Number(value.toPrecision(digits));
const range = (values) =>
  values.length === 0 ? null : [Math.min(...values), Math.max(...values)].map((v) => rounded(v));

function describeWindow({ origin_ns, length_s, output_tokens, input_tokens }, recording) {
  const [from_ns, to_ns] = [origin_ns, origin_ns + length_s * 1e9];
  const energy = windowEnergy(recording, { from_ns, to_ns });
  const seen = (quantity) => range([...pointsBetween(pointsOf(recording, quantity), from_ns, to_ns).value]);
  return {
    length_s: rounded(length_s),
    output_tokens,
    input_tokens,
    energy_j: energy.status === "measured" ? rounded(energy.energy_j, 7) : null,
    rejected: energy.status === "measured" ? null : energy.code,
    sm_clock_hz: seen("sm_clock"),
    temperature_c: seen("temperature"),
    throttle_reasons: seen("throttle_reasons"),
  };
}

async function describeRun({ folder, figures, differences }) {
  const result = await readResult(join(folder, "result.json"));
  const { recordings } = await readRawEnergy(join(folder, "samples.parquet"));
  const recording = recordings.find(({ sensor }) => sensor.domain.startsWith("gpu"));
  const windows = result.windows.map((window) => describeWindow(window, recording));
  const perToken = windows
    .filter(({ energy_j }) => energy_j !== null)
    .map(({ energy_j, output_tokens }) => energy_j / output_tokens);
  const fact = (group, name) => result.environment.facts[group]?.[name]?.value ?? null;
  return {
    device: fact("gpu", "gpu0_name"),
    driver: fact("gpu", "driver_version"),
    engine: result.engine,
    model: result.model.name,
    workload: result.config.resolved.workload,
    joules_per_output_token: result.energy.joules_per_output_token,
    j_per_token_mean: rounded(mean(perToken)),
    j_per_token_cv_percent: rounded(100 * coefficientOfVariation(perToken), 3),
    recomputed_figures: figures,
    recomputed_differently: differences.length,
    findings: result.quality.findings.map(({ code }) => code),
    windows,
  };
}

const runs = [];
for (const path of process.argv.slice(2))
  for (const recomputed of await recomputeResults(path)) runs.push(await describeRun(recomputed));
for (const { device, workload, j_per_token_mean, j_per_token_cv_percent, recomputed_differently } of runs)
  console.log(
    `${device}: ${workload.concurrency} at a time, ${workload.input_tokens} in, ${workload.output_tokens} out: ` +
      `${j_per_token_mean} J/token, CV ${j_per_token_cv_percent} % over windows, ${recomputed_differently} figures differ when recomputed`,
  );
for (const device of new Set(runs.map((run) => run.device))) {
  const own = runs.filter((run) => run.device === device);
  const name = `${new Date().toISOString().slice(0, 10)}-runs-${(device ?? "gpu").split(" ")[1]?.toLowerCase() ?? "gpu"}`;
  writeFileSync(
    join(root, "bench/results", `${name}.json`),
    `${JSON.stringify({ schema_version: 1, benchmark: "gpu-runs", device, driver: own[0].driver, runs: own }, null, 2)}\n`,
  );
}
