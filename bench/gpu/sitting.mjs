/**
 * `node bench/gpu/sitting.mjs OUT STEP...`: what only a real GPU can show, in steps that fit ten minutes each; every
 * step works on all GPUs of the machine at the same time, each with processes that see only their own. Needs
 * vLLM and transformers installed as lem's engines. Steps:
 *
 *   live    lem's sampler without an engine: skew, clean windows, faults (2 min)
 *   two     one model over two GPUs by `lem run`: joules of each and their sum (1 min)
 *   first   `lem run` of the Llama-3-8B shape: batch 64 twice, 1, 256 and prefill only (7 min on two GPUs)
 *   second  plain scripts metered by the same sampler, batch 64 a third time with 80 windows, observer on and off (7 min)
 *   third   batch 64 twice more, where there is one GPU
 *
 * BENCH_WORK keeps what the steps hand on; OUT takes results, logs and archives of the raw results. BENCH_SHAPE,
 * BENCH_ENGINE and BENCH_SMALLER (a divisor of the work) let a machine without a GPU try the steps.
 */
import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { machineFacts, root } from "./machine.mjs";

const [outGiven, ...steps] = process.argv.slice(2);
const out = resolve(outGiven);
const work = process.env["BENCH_WORK"] ?? "/tmp/lem-sitting";
const MODEL = `dummy:${process.env["BENCH_SHAPE"] ?? "bench/shapes/llama-3-8b.json"}`;
const ENGINE = JSON.parse(process.env["BENCH_ENGINE"] ?? '{"max_model_len":2048}');
const SMALLER = Number(process.env["BENCH_SMALLER"] ?? 1);
const SHAPES = {
  b1: { n: 3, concurrency: 1, input: 128, output: 128 },
  b64: { n: 192, concurrency: 64, input: 128, output: 128 },
  b256: { n: 512, concurrency: 256, input: 128, output: 128 },
  prefill: { n: 128, concurrency: 64, input: 1024, output: 1 },
};
const OBSERVED = { batch: 256, output: 128, blocks: 10 };

const smaller = (count) => Math.max(1, Math.round(count / SMALLER));
/** A machine without a GPU tries the steps with a share of the work. */
const WINDOWS = SMALLER > 1 ? 2 : 10;
const shorter = (tokens) => (SMALLER > 1 ? Math.ceil(tokens / 8) : tokens);
const began = Date.now();
const say = (text) => console.log(`[${((Date.now() - began) / 1000).toFixed(0).padStart(4)} s] ${text}`);
const logs = join(work, "logs");

/** Runs a program within a limit, with its output in a log, whose end is shown when it fails. */
async function run(name, args, { seconds, gpu }) {
  const file = join(logs, `${name}.log`);
  const log = openSync(file, "w");
  const visible = gpu === undefined ? {} : { CUDA_VISIBLE_DEVICES: String(gpu), CUDA_DEVICE_ORDER: "PCI_BUS_ID" };
  const start = Date.now();
  const child = spawn("timeout", ["-s", "INT", "-k", "15", String(seconds), process.execPath, ...args], {
    cwd: root,
    env: { ...process.env, ...visible },
    stdio: ["ignore", log, log],
  });
  const code = await new Promise((done) => child.on("close", done).on("error", () => done("no start")));
  closeSync(log);
  const place = gpu === undefined ? "" : ` on GPU ${gpu}`;
  say(`${name}${place}: exit ${code} after ${((Date.now() - start) / 1000).toFixed(0)} s`);
  const rows = readFileSync(file, "utf8").trimEnd().split("\n");
  console.log(
    rows
      .slice(code === 0 ? -6 : -20)
      .map((row) => `         ${row.slice(0, 200)}`)
      .join("\n"),
  );
  return code;
}

/** Packs a folder of WORK into OUT at once, so that a step that is cut off leaves what was ready. */
const archive = (name, { without = [] } = {}) =>
  new Promise((done) => {
    const left = without.map((file) => `--exclude=${file}`);
    const packed = spawn("tar", ["cJf", join(out, `raw-${name}.tar.xz`), ...left, "-C", work, name], {
      stdio: "ignore",
    });
    packed.on("close", done).on("error", done);
  });

const settings = (values) => Object.entries(values).flatMap(([key, value]) => ["--set", `${key}=${value}`]);
const MEASUREMENT = {
  "measurement.windows": WINDOWS,
  "measurement.baseline.seconds": 2,
  "measurement.thermal.limit_s": 20 / SMALLER,
  "measurement.warmup.max_runs": 8,
};

async function lemRun(name, gpu, { windows = WINDOWS, seconds = 280 } = {}) {
  const { n, concurrency, input, output } = SHAPES[name.replace(/-\d+$/, "")];
  const values = {
    "workload.lengths": shorter(input),
    "workload.n": smaller(n),
    "workload.concurrency": smaller(concurrency),
    "workload.input_tokens": shorter(input),
    "workload.output_tokens": shorter(output),
    ...MEASUREMENT,
    "measurement.windows": windows,
    "vllm.sampling.temperature": 0,
    ...Object.fromEntries(Object.entries(ENGINE).map(([key, value]) => [`vllm.engine.${key}`, value])),
  };
  const args = ["packages/cli/bin/lem.js", "run", "--engine", "vllm", "--model", MODEL, "--out", join(work, name)];
  const code = await run(name, [...args, ...settings(values)], { seconds, gpu });
  await archive(name, { without: windows > WINDOWS ? ["requests.parquet"] : [] });
  return code;
}

/** Windows enough to hold some out of the intervals that are stated of others. */
const longRun = (name, gpu) => lemRun(name, gpu, { windows: SMALLER > 1 ? WINDOWS : 80, seconds: 400 });

const folders = (names) => names.map((name) => `${name}=${join(work, name)}`);
const plain = (names, gpu) =>
  run(`plain-gpu${gpu}`, ["bench/gpu/plain.mjs", out, ...folders(names)], { seconds: 330, gpu });

/** The folder of the model that lem made of the shape, from its own words. */
async function observer(gpu) {
  const { requestsOf } = await import("./lem-runs.mjs");
  const { result } = await requestsOf(join(work, "b64-1"));
  const { batch, output, blocks } = OBSERVED;
  const job = [smaller(batch), shorter(output), smaller(blocks), JSON.stringify(ENGINE)].map(String);
  return run("observer", ["bench/gpu/observer.mjs", out, result.model.path, ...job], { seconds: 330, gpu });
}

const GIVEN_UP = [2, 124, 137];

/** One after another; ends when a program was refused or hung: those behind it would be, too. */
async function lane(tasks) {
  try {
    for (const task of tasks) if (GIVEN_UP.includes(await task())) return;
  } catch (error) {
    say(`the lane ended: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const STEPS = {
  live: () => run("live", ["bench/gpu/live.mjs", out], { seconds: 240 }),
  async two() {
    const values = {
      "workload.n": 16,
      "workload.batch_size": 16,
      "workload.output_tokens": 48,
      ...MEASUREMENT,
      "measurement.windows": 2,
      "measurement.thermal.gate": false,
      "transformers.load.device_map": "balanced",
    };
    const args = ["packages/cli/bin/lem.js", "run", "--engine", "transformers", "--out", join(work, "two")];
    const model = ["--model", "dummy:bench/shapes/smollm2-135m.json"];
    await run("two", [...args, ...model, ...settings(values)], { seconds: 120 });
    await archive("two");
  },
  async first([one, other]) {
    if (other === undefined) await lane(["b64-1", "b1", "b256", "prefill"].map((name) => () => lemRun(name, one)));
    else
      await Promise.all([
        lane(["b64-1", "b64-2", "b1"].map((name) => () => lemRun(name, one))),
        lane(["b256", "prefill"].map((name) => () => lemRun(name, other))),
      ]);
  },
  async second([one, other]) {
    if (other === undefined) await lane([() => plain(["b64-1", "b1", "b256", "prefill"], one), () => observer(one)]);
    else
      await Promise.all([
        lane([() => plain(["b64-2", "b1"], one), () => longRun("b64-3", one)]),
        lane([() => plain(["b256", "prefill"], other), () => observer(other)]),
      ]);
  },
  /** On one GPU the loads of one shape do not fit the steps before. */
  third: ([one, other]) =>
    other === undefined ? lane([() => lemRun("b64-2", one), () => longRun("b64-3", one)]) : undefined,
};

mkdirSync(out, { recursive: true });
mkdirSync(logs, { recursive: true });
const { gpus, driver, unavailable } = await machineFacts();
say(
  `${gpus.map(({ name }) => name).join(", ") || `no GPU: ${unavailable}`}, driver ${typeof driver === "string" ? driver : "unknown"}`,
);
for (const step of steps) {
  await STEPS[step](gpus.length === 0 ? [undefined] : gpus.map(({ index }) => index));
  say(`step ${step} ended`);
}
await archive("logs");
