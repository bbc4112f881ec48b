/**
 * `node bench/gpu/live.mjs [OUT]`: lem's sampler on this machine's GPUs while they work. Whether two GPUs are read at the
 * same instant, clean windows without a false reject, the energy of each GPU and their sum, whether CUDA_VISIBLE_DEVICES
 * leads to the right board, and faults that are really injected: a killed sampling thread, a process that stood still, a
 * wall clock that was set, the wrong GPU. What cannot be injected into hardware is named, with the test that simulates
 * it. BENCH_LOAD names another program of the load than load.py; BENCH_SET_CLOCK=1 allows that the machine's clock is set.
 */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openNvml } from "../../packages/engines/src/host/nvml/bindings.ts";
import { GpuStream, RUN_CADENCE } from "../../packages/engines/src/host/sampling/gpu-stream.ts";
import {
  machineFacts,
  monotonic,
  openSampler,
  root,
  rounded,
  samplerWork,
  speaker,
  target,
  unmeasured,
  writeResult,
} from "./machine.mjs";

const CLEAN_WINDOWS = 20;
const READS = 100;
const SKEW_MS = 1;
const LOAD = process.env["BENCH_LOAD"] ?? join(import.meta.dirname, "load.py");

/** Sampling threads that exist now, so that one can be killed. */
const threads = new Set();
process.on("worker", (worker) => {
  threads.add(worker);
  worker.once("exit", () => threads.delete(worker));
});

/** The load of one GPU, in a process of its own that sees only that GPU. */
async function openLoad(gpu) {
  const waiting = [];
  let ready;
  const known = new Promise((resolve) => (ready = resolve));
  const load = speaker(
    { file: "python3", args: [LOAD] },
    {
      env: { ...process.env, CUDA_VISIBLE_DEVICES: String(gpu), CUDA_DEVICE_ORDER: "PCI_BUS_ID" },
      onLine: (said) => {
        if (said.event === "ready") ready(said);
        else if (said.event === "end") waiting.shift()?.();
      },
    },
  );
  const facts = await Promise.race([known, load.ended]);
  const order = (what) => {
    load.tell(what);
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    gpu,
    facts,
    work: (seconds) => order({ do: "constant", seconds }),
    async close() {
      load.tell({ do: "end" });
      await load.ended;
    },
  };
}

/** Quantiles of absolute differences, in milliseconds. */
function milliseconds(differences_ns) {
  const sorted = differences_ns.map((each) => Math.abs(each) / 1e6).toSorted((a, b) => a - b);
  const at = (q) => rounded(sorted[Math.ceil(q * sorted.length) - 1], 3);
  return { reads: sorted.length, median_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: at(1) };
}

/** How far apart the threads of two GPUs begin to drain when both are asked for the same instant, as for a window's edge. */
async function parallelReads(gpus, cadence) {
  const drained = gpus.map(() => Number.NaN);
  const streams = gpus.map(
    (gpu, at) =>
      new GpuStream({ gpu, cadence }, ({ points }) => {
        drained[at] = points.drain_cost?.t_ns.at(-1) ?? drained[at];
      }),
  );
  await Promise.all(streams.map((stream) => stream.started()));
  await sleep(500);
  const differences = [];
  for (let read = 0; read < READS; read++) {
    await sleep(40);
    await Promise.all(streams.map((stream) => stream.flush()));
    differences.push(Math.max(...drained) - Math.min(...drained));
  }
  await Promise.all(streams.map((stream) => stream.stop()));
  return milliseconds(differences);
}

/** The same with the counters of all GPUs read one after another on one thread, as naive tools do. */
async function serialReads(gpus) {
  const opening = await openNvml();
  if (opening.status === "missing") return null;
  const differences = [];
  for (let read = 0; read < READS / 4; read++) {
    await sleep(40);
    const at = gpus.map((gpu) => {
      const before = monotonic();
      opening.nvml.ask("nvmlDeviceGetTotalEnergyConsumption", gpu);
      return (before + monotonic()) / 2;
    });
    differences.push(Math.max(...at) - Math.min(...at));
  }
  opening.nvml.close();
  return milliseconds(differences);
}

async function skewOf(loads) {
  const gpus = loads.map(({ gpu }) => gpu);
  if (gpus.length < 2) return { unavailable: "one GPU" };
  const busy = loads.map(({ work }) => work(4 + 0.1 * READS));
  await sleep(500);
  const only = { drain_ms: null, counter_ms: null, gauges_ms: null, power_fields_ms: null };
  const skew = {
    ring_alone: await parallelReads(gpus, only),
    at_the_cadence_of_a_run: await parallelReads(gpus, RUN_CADENCE),
    counters_one_after_another: await serialReads(gpus),
  };
  await Promise.all(busy);
  return skew;
}

const codeOf = (energy) => (energy.status === "measured" ? null : (energy.code ?? energy.reason));

/** Runs `during` with a fresh sampler, then asks for the energy of windows, given in seconds after its start. */
async function sampledWhile(during, windows, { visibleDevices, gpuExpected = true } = {}) {
  const choice = await openSampler(visibleDevices);
  if (choice.status === "unavailable") throw new Error(choice.reading.detail);
  const { sampler } = choice;
  await sampler.start();
  const origin = monotonic();
  await during();
  const energies = [];
  for (const [from, to] of windows)
    energies.push(await sampler.energyBetween(origin + from * 1e9, origin + to * 1e9, { gpuExpected }));
  const gpus = sampler.recordings().filter(({ sensor }) => sensor.domain.startsWith("gpu"));
  await sampler.stop();
  return { energies, gpus };
}

/** Windows of one second one after another, and of five, under load: none may be rejected. */
async function cleanWindows(loads) {
  const short = Array.from({ length: CLEAN_WINDOWS }, (_, number) => [number + 0.5, number + 1.5]);
  const long = Array.from({ length: Math.floor(CLEAN_WINDOWS / 5) }, (_, number) => [
    5 * number + 0.5,
    5 * number + 5.5,
  ]);
  const whole = [0.5, CLEAN_WINDOWS + 0.5];
  const { energies, gpus } = await sampledWhile(async () => {
    await Promise.all([...loads.map(({ work }) => work(CLEAN_WINDOWS + 2)), sleep((CLEAN_WINDOWS + 2) * 1000)]);
  }, [...short, ...long, whole]);
  const ofGpus = energies.map((each) => each.filter(({ domain }) => domain.startsWith("gpu")));
  const all = ofGpus.at(-1);
  const measured = all.filter(({ status }) => status === "measured");
  const shares = gpus.map(({ streams }) => {
    const { cpu_s, seconds } = samplerWork(streams.get("sampler_cpu"));
    return cpu_s / seconds;
  });
  return {
    windows: (short.length + long.length) * loads.length,
    rejected: ofGpus
      .slice(0, -1)
      .flat()
      .map(codeOf)
      .filter((code) => code !== null),
    whole_s: CLEAN_WINDOWS,
    energy_j: Object.fromEntries(all.map((each) => [each.domain, rounded(each.energy_j, 7)])),
    sum_j:
      measured.length === all.length
        ? rounded(
            measured.reduce((sum, { energy_j }) => sum + energy_j, 0),
            7,
          )
        : null,
    counter_over_samples: Object.fromEntries(all.map(({ domain, check }) => [domain, rounded(check?.ratio)])),
    sampler_share_of_a_core: Object.fromEntries(gpus.map(({ sensor }, at) => [sensor.domain, rounded(shares[at], 3)])),
  };
}

/** Stops this process for some seconds, from outside. */
async function standStill(seconds) {
  const script = `kill -STOP ${process.pid}; sleep ${seconds}; kill -CONT ${process.pid}`;
  await once(spawn("sh", ["-c", script], { stdio: "ignore" }), "exit");
}

/** Sets the wall clock ahead, and back later; false where that is not allowed. */
const moveWallClock = (seconds) =>
  spawnSync("python3", ["-c", `import time; time.clock_settime(time.CLOCK_REALTIME, time.time() + ${seconds})`], {
    stdio: "ignore",
  }).status === 0;

/** Each fault: how it is injected, and the code that the window around it must have. */
const FAULTS = [
  {
    what: "killed sampling thread",
    code: "sampler-lost",
    inject: async () => Promise.all([...threads].map((thread) => thread.terminate())),
  },
  { what: "process that stands still for 3 s", code: "sample-gap", inject: () => standStill(3) },
  {
    what: "wall clock set by 50 ms",
    code: "clock-step",
    inject: async () => {
      if (process.env["BENCH_SET_CLOCK"] !== "1") return "the machine's clock is set only with BENCH_SET_CLOCK=1";
      if (!moveWallClock(0.05)) return "this process may not set the clock";
      await sleep(1500);
      moveWallClock(-0.05);
      return undefined;
    },
  },
];

/** What only the simulated NVML can do; packages/harness/test/energy/live-faults.test.ts does. */
const SIMULATED = ["NVML lost in mid-run", "counter reset", "sources that disagree"];

async function injected({ what, code, inject }, load) {
  const [before, around] = [
    [0.2, 1.8],
    [2, 2],
  ];
  let why;
  const { energies } = await sampledWhile(async () => {
    const origin = monotonic();
    const busy = load.work(8);
    await sleep(2500);
    why = await inject();
    await sleep(1200);
    around[1] = (monotonic() - origin) / 1e9 - 0.8;
    await busy;
  }, [before, around]);
  const seen = energies.map((each) => codeOf(each.find(({ domain }) => domain.startsWith("gpu"))));
  const result = { what, expected: code, window_before: seen[0], window_around: seen[1] };
  return typeof why === "string" ? { ...result, unavailable: why } : result;
}

/** The last GPU works: sampled alone it is found busy, and its energy is its own; the first, sampled alone, is the wrong one. */
async function rightBoard(loads) {
  const working = loads.at(-1);
  const sample = async (visibleDevices, during) => {
    const { energies, gpus } = await sampledWhile(during, [[0.5, 2.5]], { visibleDevices });
    const [energy] = energies[0].filter(({ domain }) => domain.startsWith("gpu"));
    const power_w = energy.status === "measured" ? rounded(energy.energy_j / 2) : null;
    return { visible: visibleDevices, domains: gpus.map(({ sensor }) => sensor.domain), power_w, code: codeOf(energy) };
  };
  const atWork = async () => {
    await Promise.all([working.work(4), sleep(4200)]);
  };
  const right = await sample(String(working.gpu), atWork);
  const wrong =
    loads.length > 1
      ? await sample(String(loads[0].gpu), atWork)
      : await sample(String(working.gpu), () => sleep(3200));
  return { gpu: working.gpu, engine_uuid: working.facts.uuid ?? null, right, wrong };
}

const same = (nvml, cuda) => cuda !== null && nvml.replace("GPU-", "") === cuda.replace("GPU-", "");

function targetsOf(machine, { skew, clean, board, faults }) {
  const rows = [];
  const parallel = skew.at_the_cadence_of_a_run;
  const what = "two GPUs read in parallel, skew ms (95 % of the reads)";
  rows.push(
    parallel === undefined
      ? unmeasured(what, `<= ${SKEW_MS}`, skew.unavailable)
      : target(what, parallel.p95_ms, `<= ${SKEW_MS}`, parallel.p95_ms <= SKEW_MS),
  );
  rows.push(
    target(
      `${clean.windows} clean live windows, false rejects`,
      clean.rejected.length,
      "0",
      clean.rejected.length === 0,
    ),
  );
  const { uuid } = machine.gpus.find(({ index }) => index === board.gpu);
  const found = board.right.code === null && board.right.domains.join() === `gpu${board.gpu}`;
  rows.push(
    target(`CUDA_VISIBLE_DEVICES=${board.gpu} is sampled on its board`, board.right.domains.join(), uuid, found),
  );
  if (board.engine_uuid !== null)
    rows.push(target("UUID of the board that CUDA worked on", board.engine_uuid, uuid, same(uuid, board.engine_uuid)));
  rows.push(target("wrong GPU", board.wrong.code, "wrong-device", board.wrong.code === "wrong-device"));
  for (const { what: name, expected, window_before, window_around, unavailable } of faults) {
    if (unavailable !== undefined) rows.push(unmeasured(name, expected, unavailable));
    else rows.push(target(name, window_around, expected, window_around === expected && window_before === null));
  }
  for (const name of SIMULATED)
    rows.push(
      unmeasured(
        name,
        "its code",
        "hardware cannot be made to do it; packages/harness/test/energy/live-faults.test.ts simulates it",
      ),
    );
  return rows;
}

async function measure(machine) {
  const loads = await Promise.all(machine.gpus.map(({ index }) => openLoad(index)));
  const skew = await skewOf(loads);
  const clean = await cleanWindows(loads);
  const board = await rightBoard(loads);
  const faults = [];
  for (const fault of FAULTS) faults.push(await injected(fault, loads[0]));
  await Promise.all(loads.map((load) => load.close()));
  const report = { skew, clean, board, faults, simulated_only: SIMULATED };
  return { load: loads[0].facts, ...report, targets: targetsOf(machine, report) };
}

const machine = await machineFacts();
const [out = join(root, "bench/results")] = process.argv.slice(2);
if (machine.gpus.length > 0) writeResult(out, "live", { machine, ...(await measure(machine)) });
else {
  console.log(`n/a  live checks of a GPU: unavailable, ${machine.unavailable ?? "no GPU"}`);
}
