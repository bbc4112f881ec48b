/**
 * What measuring costs: CPU-seconds per output token of the engine's process under `lem run` (A) against a plain
 * script of the same engine, model, prompts and shapes (B), in blocks A B B A, with the two A of each block set
 * against one another as control. llama.cpp runs the small model with one thread; transformers runs the same shape
 * with random weights, which load in a second. Needs transformers installed for its half. One thread each: threads
 * that wait for one another would hide one per cent in their noise.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { lemPaths, loadAdapter, modelShape } from "../packages/engines/src/index.ts";
import { meanWithInterval } from "./statistics.mjs";

const root = join(import.meta.dirname, "..");
const require = createRequire(join(root, "packages", "study", "package.json"));
const { parquetReadObjects } = await import(pathToFileURL(require.resolve("hyparquet")).href);
const lem = join(root, "packages", "cli", "bin", "lem.js");
const BLOCKS = Number(process.env["BENCH_BLOCKS"] ?? 10);
const SHAPE = { n: 2, input: 32, output: 64, warmups: 2, windows: 3 };
const LIMIT = 0.01;

process.env["OMP_NUM_THREADS"] = "1";

const experiment = (engine, model) => [
  "run",
  "--engine",
  engine,
  "--model",
  model,
  "--json",
  ...Object.entries({
    "workload.n": SHAPE.n,
    "workload.input_tokens": SHAPE.input,
    "workload.output_tokens": SHAPE.output,
    "measurement.windows": SHAPE.windows,
    "measurement.warmup.min_runs": SHAPE.warmups,
    "measurement.warmup.max_runs": SHAPE.warmups,
    "measurement.warmup.window": SHAPE.warmups,
    ...(engine === "llama-cpp"
      ? { "llama-cpp.context.threads": 1 }
      : { "transformers.generation.do_sample": false, "transformers.load.dtype": "float32" }),
  }).flatMap(([path, value]) => ["--set", `${path}=${value}`]),
];

function spawn(file, args, options = {}) {
  const done = spawnSync(file, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, ...options });
  if (done.status !== 0) throw new Error(`${file} ${args.join(" ")} ended with ${done.status}\n${done.stderr}`);
  return done.stdout;
}

const perToken = (windows) =>
  windows.reduce((sum, window) => sum + window.cpu_s, 0) /
  windows.reduce((sum, window) => sum + window.output_tokens, 0);

function underLem(engine, model, out) {
  return JSON.parse(spawn(process.execPath, [lem, ...experiment(engine, model), "--out", out]));
}

/** The small model itself, or for transformers its shape with random weights. */
async function modelFor(engine, folder) {
  if (engine !== "transformers") return "smollm2-135m";
  const where = { cwd: folder, env: process.env, modelsDir: lemPaths(process.env).models, emit: () => undefined };
  const config = await modelShape({ model: "smollm2-135m", ...where });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "config.json"), JSON.stringify(config));
  return `dummy:${join(folder, "config.json")}`;
}

/** The exact requests of a lem run, from its own record. */
async function requestsOf(out, result) {
  const study = spawn("ls", [out]).trim().split("\n")[0];
  const file = join(out, study, "experiments", result.experiment_id, "c1", "r0", "requests.parquet");
  const bytes = readFileSync(file);
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  });
  const first = rows.filter((row) => row.window === rows[0].window);
  return first.map((row) => [{ tokens: [...row.input_ids], output_tokens: row.output_tokens }]);
}

const PLAIN = {
  "llama-cpp": async () => (job) =>
    spawn(process.execPath, [join(root, "bench", "plain", "llama-cpp.mjs")], { input: JSON.stringify(job) }),
  transformers: async () => {
    const adapter = await loadAdapter("transformers");
    const found = await adapter.locate({ enginesDir: lemPaths(process.env).engines, env: process.env });
    if (found.status !== "installed") throw new Error(`transformers: ${found.hint}`);
    return (job) =>
      spawn(found.command.file, [join(root, "bench", "plain", "plain_transformers.py")], {
        input: JSON.stringify(job),
        env: { ...process.env, ...found.command.env },
      });
  },
};

function jobOf(result, groups) {
  return {
    model: result.model.path,
    seed: result.workload.seed,
    generation: { do_sample: false },
    groups,
    sequences: 1,
    threads: 1,
    context_size: result.config.effective.context?.contextSize,
    warmups: SHAPE.warmups,
    windows: SHAPE.windows,
  };
}

async function compare(engine) {
  const out = mkdtempSync(join(tmpdir(), "lem-observer-"));
  try {
    const model = await modelFor(engine, join(out, "..", `${basename(out)}-model`));
    const first = underLem(engine, model, out);
    const job = jobOf(first, await requestsOf(out, first));
    const plain = await PLAIN[engine]();
    const a = () => perToken(underLem(engine, model, out).windows);
    const b = () => perToken(JSON.parse(plain(job).trim().split("\n").at(-1)));
    const [ratios, controls, raw] = [[], [], []];
    for (let block = 0; block < BLOCKS; block++) {
      const [a1, b1, b2, a2] = [a(), b(), b(), a()];
      ratios.push((a1 + a2) / (b1 + b2) - 1);
      controls.push(a2 / a1 - 1);
      raw.push({ a1, b1, b2, a2 });
    }
    return {
      engine,
      version: first.engine.version,
      overhead: meanWithInterval(ratios),
      control: meanWithInterval(controls),
      blocks: raw,
    };
  } finally {
    for (const made of [out, `${out}-model`]) rmSync(made, { recursive: true, force: true });
  }
}

const percent = (value) => `${(value * 100).toFixed(2)} %`;

export async function benchmark() {
  const engines = (process.env["BENCH_ENGINES"] ?? "llama-cpp,transformers").split(",");
  const results = [];
  for (const engine of engines) results.push(await compare(engine));
  const targets = results.map(({ engine, overhead, control }) => ({
    what: `${engine}: CPU per output token, lem over plain - 1 (A/A control ${percent(control.mean)} ± ${percent(control.half_width)})`,
    value: `${percent(overhead.mean)} ± ${percent(overhead.half_width)}`,
    limit: `<= ${percent(LIMIT)}`,
    met: overhead.mean <= LIMIT,
  }));
  return { shape: SHAPE, targets, results };
}
