/**
 * `node bench/gpu/plain.mjs OUT NAME=RESULT_FOLDER...`: the work of runs of lem once more by a plain script of vLLM, all of
 * it within one load, metered by lem's own sampler on the GPU that CUDA_VISIBLE_DEVICES shows; and how far lem's joules a
 * token lie from those of the plain script. The runs must have the same engine keys, and a temperature of 0. The
 * sampler's raw samples are kept beside the result.
 */
import { join } from "node:path";
import { lemPaths, loadAdapter } from "../../packages/engines/src/index.ts";
import { writeSamplesParquet } from "../../packages/study/src/results/samples-parquet.ts";
import { perToken, readRuns, requestsOf } from "./lem-runs.mjs";
import {
  machineFacts,
  openSampler,
  percent,
  root,
  rounded,
  speaker,
  target,
  unmeasured,
  writeResult,
} from "./machine.mjs";

const SETTLE_S = Number(process.env["BENCH_SETTLE_S"] ?? 15);
const LIMIT = 0.01;

async function shapeOf(named) {
  const [name, path] = named.split("=");
  const [run] = await readRuns(path, name);
  const { result, groups } = await requestsOf(path);
  const { concurrency, seed } = result.config.resolved.workload;
  const engine = { ...result.config.resolved.sections.engine, seed };
  const windows = result.windows.length;
  return { run, result, engine, shape: { name, groups, concurrency, warmups: 3, settle_s: SETTLE_S, windows } };
}

/** The windows that a plain script reports, in the environment of the engine that lem ran. */
async function plainWindows({ name, version }, job) {
  const adapter = await loadAdapter(name);
  const found = await adapter.locate({ enginesDir: lemPaths(process.env).engines, env: process.env, version });
  if (found.status !== "installed") throw new Error(`${name}: ${found.hint}`);
  const { file, env } = found.command;
  let windows;
  const script = speaker(
    { file, args: [join(root, "bench/plain/plain_vllm.py")] },
    { env: { ...process.env, ...env }, onLine: (said) => (windows = said) },
  );
  script.tell(job);
  script.child.stdin.end();
  await script.ended;
  return windows;
}

/** Runs the job while lem's sampler samples, and gives each window its energy; null without a sensor. */
async function metered(engine, job) {
  const choice = await openSampler();
  if (choice.status === "unavailable") return { why: choice.reading.detail, windows: await plainWindows(engine, job) };
  const { sampler } = choice;
  await sampler.start();
  const windows = await plainWindows(engine, job);
  const energies = [];
  for (const { begin_ns, end_ns } of windows)
    energies.push(await sampler.energyBetween(begin_ns, end_ns, { gpuExpected: true }));
  await sampler.stop();
  return { windows, energies, recordings: sampler.recordings() };
}

function withEnergy({ windows, energies }) {
  return windows.map(({ shape, begin_ns, end_ns, input_tokens, output_tokens }, at) => {
    const gpus = (energies?.[at] ?? []).filter(({ domain }) => domain.startsWith("gpu"));
    const fault = gpus.find(({ status }) => status !== "measured");
    const known = gpus.length > 0 && fault === undefined;
    return {
      shape,
      begin_ns,
      length_s: rounded((end_ns - begin_ns) / 1e9),
      input_tokens,
      output_tokens,
      energy_j: known
        ? rounded(
            gpus.reduce((sum, { energy_j }) => sum + energy_j, 0),
            7,
          )
        : null,
      rejected: fault === undefined ? null : (fault.code ?? fault.reason),
    };
  });
}

const [out, ...named] = process.argv.slice(2);
const shapes = await Promise.all(named.map(shapeOf));
const [{ result, engine }] = shapes;
const job = {
  model: result.model.path,
  weights: result.model.source === "dummy" ? "random" : "files",
  engine,
  shapes: shapes.map(({ shape }) => shape),
};
const machine = await machineFacts();
const done = await metered(result.engine, job);
const windows = withEnergy(done);
const compared = shapes.map(({ shape: { name }, run }) => {
  const own = windows.filter(({ shape }) => shape === name);
  const plain = perToken(own);
  const lem_over_plain = run.j_per_token_mean / plain.j_per_token_mean;
  const rate = (all) => {
    const seconds = all.reduce((sum, { length_s }) => sum + length_s, 0);
    return rounded(all.reduce((sum, { output_tokens }) => sum + output_tokens, 0) / seconds);
  };
  return {
    name,
    lem: { j_per_token_mean: run.j_per_token_mean, output_tokens_per_s: rate(run.windows) },
    plain: { ...plain, output_tokens_per_s: rate(own) },
    lem_over_plain: rounded(lem_over_plain),
    windows: own,
  };
});
const targets = compared.map(({ name, lem_over_plain }) => {
  const what = `${name}: mean J/token by lem against a plain script metered by the same sampler, %`;
  const off = percent(lem_over_plain - 1, 3);
  if (off === null) return unmeasured(what, "within 1", done.why ?? "no window was measured");
  return target(what, off, "within 1", Math.abs(lem_over_plain - 1) <= LIMIT);
});
const gpu = process.env["CUDA_VISIBLE_DEVICES"] ?? "all";
if (done.recordings !== undefined) {
  const raw = { recordings: done.recordings, idle: [], settling: null };
  await writeSamplesParquet(join(out, `plain-gpu${gpu}-samples.parquet`), { raw, samples: [] });
}
writeResult(out, "plain", {
  part: `gpu${gpu}`,
  machine,
  engine: result.engine,
  visible_devices: gpu,
  shapes: compared,
  targets,
});
