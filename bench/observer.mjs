/**
 * What measuring costs: CPU-seconds per output token of the engine's process under `lem run` (A) against a plain
 * script of the same engine, model, prompts and shapes (B), in blocks A B B A, with the two A of each block set
 * against one another as control. llama.cpp runs the small model; transformers and vLLM run the generated one, whose
 * tokens cost so little that observing weighs most. One thread each: threads that wait for one another would hide one
 * per cent in their noise. Needs the engines that BENCH_ENGINES names installed.
 */
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lemPaths, loadAdapter } from "../packages/engines/src/index.ts";
import { meanWithInterval } from "./statistics.mjs";

const root = join(import.meta.dirname, "..");
const require = createRequire(join(root, "packages", "study", "package.json"));
const { parquetReadObjects } = await import(pathToFileURL(require.resolve("hyparquet")).href);
const lem = join(root, "packages", "cli", "bin", "lem.js");
const BLOCKS = Number(process.env["BENCH_BLOCKS"] ?? 10);
const SHAPES = {
  "llama-cpp": { model: "smollm2-135m", n: 2, input: 32, output: 64, warmups: 2, windows: 2 },
  transformers: { model: "dummy:bench/shapes/smollm2-135m.json", n: 2, input: 32, output: 24, warmups: 2, windows: 4 },
  vllm: { model: "dummy:bench/shapes/smollm2-135m.json", n: 2, input: 32, output: 24, warmups: 2, windows: 20 },
};
const LIMIT = 0.01;
/** Started in a minute: little memory, nothing compiled. */
const VLLM_ENGINE = { dtype: "float32", enforce_eager: true, max_model_len: 512, kv_cache_memory_bytes: 2 ** 28 };
const OPTIONS = {
  "llama-cpp": { "llama-cpp.context.threads": 1 },
  transformers: { "transformers.generation.do_sample": false, "transformers.load.dtype": "float32" },
  vllm: {
    ...Object.fromEntries(Object.entries(VLLM_ENGINE).map(([key, value]) => [`vllm.engine.${key}`, value])),
    "vllm.sampling.temperature": 0,
  },
};

process.env["OMP_NUM_THREADS"] = "1";

const experiment = (engine, shape) => [
  "run",
  "--engine",
  engine,
  "--model",
  shape.model,
  "--json",
  ...Object.entries({
    "workload.n": shape.n,
    "workload.input_tokens": shape.input,
    "workload.output_tokens": shape.output,
    "measurement.windows": shape.windows,
    "measurement.warmup.min_runs": shape.warmups,
    "measurement.warmup.max_runs": shape.warmups,
    "measurement.warmup.window": shape.warmups,
    ...OPTIONS[engine],
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

function underLem(engine, shape, out) {
  return JSON.parse(spawn(process.execPath, [lem, ...experiment(engine, shape), "--out", out]));
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

/** A script in the engine's own environment, that reads its job from stdin. */
async function plainScript(engine, script) {
  const adapter = await loadAdapter(engine);
  const found = await adapter.locate({ enginesDir: lemPaths(process.env).engines, env: process.env });
  if (found.status !== "installed") throw new Error(`${engine}: ${found.hint}`);
  return (job) =>
    spawn(found.command.file, [join(root, "bench", "plain", script)], {
      input: JSON.stringify(job),
      env: { ...process.env, ...found.command.env },
    });
}

const PLAIN = {
  "llama-cpp": async () => (job) =>
    spawn(process.execPath, [join(root, "bench", "plain", "llama-cpp.mjs")], { input: JSON.stringify(job) }),
  transformers: () => plainScript("transformers", "plain_transformers.py"),
  vllm: () => plainScript("vllm", "plain_vllm.py"),
};

function jobOf(result, shape, groups) {
  return {
    model: result.model.path,
    weights: result.model.source === "dummy" ? "random" : "files",
    generation: { do_sample: false },
    engine: VLLM_ENGINE,
    groups,
    shapes: [{ name: "work", groups, concurrency: 1, warmups: shape.warmups, settle_s: 0, windows: shape.windows }],
    sequences: 1,
    threads: 1,
    context_size: result.config.effective.context?.contextSize,
    warmups: shape.warmups,
    windows: shape.windows,
  };
}

async function compare(engine) {
  const shape = SHAPES[engine];
  const out = mkdtempSync(join(tmpdir(), "lem-observer-"));
  try {
    const first = underLem(engine, shape, out);
    const job = jobOf(first, shape, await requestsOf(out, first));
    const plain = await PLAIN[engine]();
    const a = () => perToken(underLem(engine, shape, out).windows);
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
    rmSync(out, { recursive: true, force: true });
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
    limit: `mean <= ${percent(LIMIT)}`,
    met: overhead.mean <= LIMIT,
  }));
  return { shapes: SHAPES, targets, results };
}
