/**
 * Records what a GPU's sensors say while a known load runs: `node bench/gpu/record.mjs OUT [plan]`. The driver's ring,
 * every tick of the energy counter, both power fields, gauges and clock pairs, and the instants of the finished work, go
 * to OUT/<plan>.json.gz; packages/harness/test/support/recorded-trace.ts reads them. Plans: `quick` (10 s), `full` (about 6 minutes), and
 * at the cadence of a run, without the polling that `full` compares with, `waves` (2 minutes) and `steady` (4 minutes of
 * constant load). BENCH_GPU is the index of the GPU.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { GpuStream, RUN_CADENCE } from "../../packages/engines/src/host/sampling/gpu-stream.ts";
import { openNvml } from "../../packages/engines/src/host/nvml/bindings.ts";

const wave = (period_ms, duty, seconds) => ({ do: "wave", period_ms, duty, seconds });
const constant = (seconds) => ({ do: "constant", seconds });
const idle = (seconds) => ({ do: "idle", seconds });

const WAVES = [50, 100, 200, 500, 1000].map((period) => wave(period, 0.5, 8));
const DENSE = { drain_ms: 1000, counter_ms: 0, gauges_ms: 200, power_fields_ms: 10 };
const PLANS = {
  quick: { bare_s: 2, orders: [idle(1), constant(4), wave(100, 0.5, 2), idle(1)] },
  waves: {
    bare_s: 3,
    cadence: RUN_CADENCE,
    orders: [
      idle(3),
      constant(8),
      ...WAVES.flatMap((each) => [each, idle(1)]),
      ...[50, 100, 200].flatMap((period) => [{ ...wave(period, 0.5, 8), jitter_ms: period / 2 }, idle(1)]),
      constant(15),
      idle(3),
    ],
  },
  steady: {
    bare_s: 3,
    cadence: RUN_CADENCE,
    orders: [idle(3), constant(80), idle(5), constant(80), idle(5), constant(80), idle(3)],
  },
  full: {
    bare_s: 12,
    orders: [
      idle(10),
      constant(80),
      idle(8),
      constant(80),
      ...WAVES.flatMap((each) => [each, idle(2)]),
      wave(100, 0.25, 8),
      idle(2),
      wave(10, 0.3, 8),
      wave(10, 0.6, 8),
      idle(8),
      constant(50),
      idle(10),
    ],
  },
};

const [out = ".", plan = "full"] = process.argv.slice(2);
const { bare_s, orders, cadence = DENSE } = PLANS[plan];
const columns = {};
const faults = [];
const gpu = Number(process.env["BENCH_GPU"] ?? 0);
const stream = new GpuStream({ gpu, cadence }, (batch) => {
  faults.push(...batch.faults);
  for (const [quantity, { t_ns, value }] of Object.entries(batch.points)) {
    const own = (columns[quantity] ??= { t_ns: [], value: [] });
    own.t_ns.push(...t_ns);
    own.value.push(...value);
  }
});

const start = await stream.started();
if (start.status !== "started") {
  console.log(JSON.stringify(start));
  process.exit(1);
}
const marks = [];
const mark = (event, fields = {}) => marks.push({ event, t_ns: Number(process.hrtime.bigint()), ...fields });
mark("begin", { do: "bare", seconds: bare_s });
await sleep(bare_s * 1000);
mark("end", { do: "bare", seconds: bare_s });

const load = spawn("python3", [join(import.meta.dirname, "load.py")], {
  stdio: ["pipe", "pipe", "inherit"],
  env: { ...process.env, CUDA_VISIBLE_DEVICES: String(gpu), CUDA_DEVICE_ORDER: "PCI_BUS_ID" },
});
const work = { t_ns: [], products: [], on_ns: [] };
let onEnd;
for (const order of [...orders, { do: "end" }]) load.stdin.write(`${JSON.stringify(order)}\n`);
load.stdin.end();
const ended = new Promise((resolve) => (onEnd = resolve));
createInterface({ input: load.stdout }).on("line", (line) => {
  const said = JSON.parse(line);
  if (said.event !== "done") {
    marks.push(said);
    if (said.event === "end") console.log(`${said.do} ${said.period_ms ?? ""} ${said.duty ?? ""} ended`);
    return;
  }
  work.t_ns.push(said.t_ns);
  work.products.push(said.products);
  work.on_ns.push(said.on_ns ?? 0);
});
load.on("exit", (code) => onEnd(code));
const code = await ended;
mark("begin", { do: "bare", seconds: bare_s });
await sleep(bare_s * 1000);
mark("end", { do: "bare", seconds: bare_s });
await stream.stop();

const opening = await openNvml();
const ask = (call, ...args) => (opening.status === "open" ? opening.nvml.ask(call, ...args).value : null);
const header = {
  schema_version: 1,
  recorded: new Date().toISOString().slice(0, 10),
  device: ask("nvmlDeviceGetName", gpu),
  driver: ask("nvmlSystemGetDriverVersion"),
  power_limit_w: ask("nvmlDeviceGetEnforcedPowerLimit", gpu) / 1000,
  node: process.version,
  cadence,
  plan,
};
const delta = (values, scale) => {
  let last = 0;
  return values.map((value) => {
    const whole = Math.round(value * scale);
    const step = whole - last;
    last = whole;
    return step;
  });
};
const SCALES = {
  power: 1e3,
  energy_counter: 1e3,
  power_instant: 1e3,
  power_average: 1e3,
  sampler_cpu: 1e6,
  drain_cost: 1e6,
};
const scaleOf = (quantity) => SCALES[quantity] ?? (/active|occupancy|busy/.test(quantity) ? 1e4 : 1);
const encoded = {
  header,
  marks,
  faults,
  work: { t_us: delta(work.t_ns, 1e-3), products: delta(work.products, 1), on_us: delta(work.on_ns, 1e-3) },
  series: Object.fromEntries(
    Object.entries(columns).map(([quantity, { t_ns, value }]) => {
      const scale = scaleOf(quantity);
      return [quantity, { scale, t_us: delta(t_ns, 1e-3), value: delta(value, scale) }];
    }),
  ),
};
const bytes = gzipSync(JSON.stringify(encoded), { level: 9 });
writeFileSync(join(out, `${plan}.json.gz`), bytes);
const rate = (quantity) => columns[quantity]?.t_ns.length ?? 0;
console.log(
  JSON.stringify({
    header,
    code,
    bytes: bytes.length,
    faults: faults.slice(0, 5),
    points: Object.fromEntries(Object.keys(columns).map((quantity) => [quantity, rate(quantity)])),
    lost: stream.lost,
  }),
);
process.exitCode = code === 0 ? 0 : 1;
