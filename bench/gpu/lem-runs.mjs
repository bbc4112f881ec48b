/** What `lem run` measured, window by window, from the raw samples of its result folders. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { coefficientOfVariation, mean } from "../../packages/domain/src/statistics/summary.ts";
import { pointsBetween, pointsOf } from "../../packages/harness/src/energy/recording.ts";
import { windowEnergy } from "../../packages/harness/src/energy/window-energy.ts";
import { readResult } from "../../packages/study/src/results/read.ts";
import { recomputeResults } from "../../packages/study/src/results/recompute.ts";
import { readRawEnergy } from "../../packages/study/src/results/samples-parquet.ts";
import { percent, root, rounded } from "./machine.mjs";

const require = createRequire(join(root, "packages/study/package.json"));

const range = (values) =>
  values.length === 0 ? null : [Math.min(...values), Math.max(...values)].map((v) => rounded(v));

/** Joules a token, its mean and spread; tokens are outputs, or inputs where each request has one output. */
export function perToken(windows) {
  const measured = windows.filter(({ energy_j }) => energy_j !== null);
  const prefill = windows.every(({ input_tokens, output_tokens }) => output_tokens < input_tokens / 16);
  const values = measured.map((each) => each.energy_j / (prefill ? each.input_tokens : each.output_tokens));
  return {
    token: prefill ? "input" : "output",
    windows: measured.length,
    rejected: windows.filter(({ rejected }) => rejected !== null).map(({ rejected }) => rejected),
    shortest_s: rounded(Math.min(...windows.map(({ length_s }) => length_s)), 4),
    j_per_token_mean: values.length === 0 ? null : rounded(mean(values), 6),
    j_per_token_cv_percent: values.length < 2 ? null : percent(coefficientOfVariation(values), 3),
  };
}

function describeWindow({ origin_ns, length_s, output_tokens, input_tokens }, recordings) {
  const counted = { length_s: rounded(length_s), output_tokens, input_tokens };
  if (recordings.length === 0) return { ...counted, energy_j: null, rejected: null };
  const [from_ns, to_ns] = [origin_ns, origin_ns + length_s * 1e9];
  const energies = recordings.map((each) => windowEnergy(each, { from_ns, to_ns }));
  const fault = energies.find(({ status }) => status !== "measured");
  const seen = (quantity) => range([...pointsBetween(pointsOf(recordings[0], quantity), from_ns, to_ns).value]);
  const total = energies.reduce((sum, { energy_j }) => sum + energy_j, 0);
  const byGpu = energies.map(({ energy_j }) => rounded(energy_j ?? Number.NaN, 7));
  return {
    ...counted,
    energy_j: fault === undefined ? rounded(total, 7) : null,
    rejected: fault === undefined ? null : (fault.code ?? fault.reason),
    ...(byGpu.length > 1 ? { energy_j_by_gpu: byGpu } : {}),
    sm_clock_hz: seen("sm_clock"),
    temperature_c: seen("temperature"),
    throttle_reasons: seen("throttle_reasons"),
  };
}

/** False for figures that the version which measured could not compute yet. */
const isStored = (reading) => reading !== null && reading.status !== "unavailable";

/** What the sampling thread used of a core from the first window to the last. */
function samplerShare(recording, { windows }) {
  const end = windows.at(-1).origin_ns + windows.at(-1).length_s * 1e9;
  const { t_ns, value } = pointsBetween(pointsOf(recording, "sampler_cpu"), windows[0].origin_ns, end);
  return t_ns.length < 2 ? null : rounded((value.at(-1) - value[0]) / ((t_ns.at(-1) - t_ns[0]) / 1e9), 3);
}

/** The raw streams of a run's GPUs; none where no sensor sampled the machine. */
async function recordingsOf({ folder, without_raw }) {
  if (without_raw !== null) return [];
  const { recordings } = await readRawEnergy(join(folder, "samples.parquet"));
  return recordings.filter(({ sensor }) => sensor.domain.startsWith("gpu"));
}

async function describeRun(recomputed, of) {
  const { folder, figures, differences, without_raw } = recomputed;
  const result = await readResult(join(folder, "result.json"));
  const facts = result.environment.facts.gpu ?? {};
  const fact = (pattern) => facts[Object.keys(facts).find((name) => pattern.test(name))]?.value ?? null;
  const head = {
    of,
    status: result.status,
    device: fact(/^gpu\d+_name$/),
    driver: fact(/^driver_version$/),
    engine: result.engine,
    model: result.model.name,
    workload: result.config.resolved.workload,
  };
  if (result.status !== "completed") return { ...head, failure: result.failure, windows: [] };
  const gpus = await recordingsOf(recomputed);
  const windows = result.windows.map((window) => describeWindow(window, gpus));
  return {
    ...head,
    ...(without_raw === null ? {} : { without_energy: without_raw }),
    gpus: gpus.map(({ sensor }) => sensor.domain),
    joules_per_output_token: result.energy.joules_per_output_token,
    ...perToken(windows),
    recomputed_figures: figures,
    recomputed_differently: differences.filter(({ stored }) => isStored(stored)).length,
    not_known_when_stored: differences.filter(({ stored }) => !isStored(stored)).map(({ path }) => path),
    sampler_share_of_a_core: Object.fromEntries(gpus.map((gpu) => [gpu.sensor.domain, samplerShare(gpu, result)])),
    findings: result.quality.findings.map(({ code }) => code),
    seconds_by_phase: result.phases.map(({ phase, seconds }) => [phase, rounded(seconds, 3)]),
    windows,
  };
}

/** A study's folder, or the newest within the folder that was given as `--out`. */
export function studyAt(path) {
  if (existsSync(join(path, "study.json"))) return path;
  const inside = readdirSync(path).filter((name) => existsSync(join(path, name, "study.json")));
  if (inside.length === 0) throw new Error(`no study in ${path}`);
  return join(path, inside.toSorted().at(-1));
}

/** Every result of a folder that `lem run` wrote; `of` is the name that this benchmark gave the run. */
export async function readRuns(path, of) {
  const runs = [];
  for (const recomputed of await recomputeResults(studyAt(path))) runs.push(await describeRun(recomputed, of));
  return runs;
}

/** The exact requests of the first window of a run, each a group of its own, and what they ran with. */
export async function requestsOf(path) {
  const { parquetReadObjects } = await import(pathToFileURL(require.resolve("hyparquet")).href);
  const [{ folder }] = await recomputeResults(studyAt(path));
  const result = await readResult(join(folder, "result.json"));
  const bytes = readFileSync(join(folder, "requests.parquet"));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const rows = await parquetReadObjects({ file });
  const groups = rows
    .filter((row) => row.window === rows[0].window)
    .map((row) => [{ tokens: [...row.input_ids], output_tokens: row.output_tokens }]);
  return { result, groups };
}
