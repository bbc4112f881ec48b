/** `lem plan` over sweeps of 20,000 and 100,000 points, the real command in a process of its own: time and peak memory. */
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "./statistics.mjs";

const root = join(import.meta.dirname, "..");
const lem = join(root, "packages", "cli", "bin", "lem.js");
const RUNS = 3;

/** Two engines' sweeps of a given size: most axes in one section, so that little can be checked once for many points. */
const SWEEPS = {
  transformers: (temperatures) => `engine: transformers
transformers: {generation: {do_sample: true}}
sweep:
  axes:
    workload.batch_size: [1, 2, 4, 8, 16]
    transformers.generation.num_beams: [1, 2, 4, 8]
    transformers.generation.num_return_sequences: [1, 2, 4, 8, 16]
    transformers.generation.top_p: {min: 0.2, max: 1.0, num: 8}
    transformers.generation.top_k: [0, 10, 20, 30, 40]
    transformers.generation.temperature: {min: 0.0, max: 1.0, num: ${temperatures}}
`,
  vllm: (temperatures) => `engine: vllm
sweep:
  axes:
    vllm.engine.max_num_seqs: {min: 16, max: 256, scale: pow2}
    vllm.engine.enable_prefix_caching: [true, false]
    vllm.sampling.top_p: {min: 0.2, max: 1.2, num: 8}
    vllm.sampling.top_k: [0, 10, 20, 30, -2]
    vllm.sampling.n: [1, 2, 4, 8, 16]
    vllm.sampling.min_p: [0.0, 0.1]
    vllm.sampling.temperature: {min: 0.0, max: 1.0, num: ${temperatures}}
`,
};

const peakOf = (pid) => {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

/** One `lem plan` in a folder without results: seconds, peak memory and what it counted. */
async function planned(text, flags = []) {
  const cwd = mkdtempSync(join(tmpdir(), "lem-bench-plan-"));
  writeFileSync(join(cwd, "study.yaml"), text);
  const start = performance.now();
  const child = spawn(process.execPath, [lem, "plan", "study.yaml", ...flags], {
    cwd,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let [peak, out] = [0, ""];
  const watch = setInterval(() => (peak = Math.max(peak, peakOf(child.pid))), 20);
  child.stdout.on("data", (chunk) => {
    peak = Math.max(peak, peakOf(child.pid));
    out += chunk;
  });
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(watch);
  rmSync(cwd, { recursive: true });
  if (code !== 0) throw new Error(`lem plan ended with ${code}`);
  return { seconds: (performance.now() - start) / 1000, peak_mib: peak, out };
}

const target = (what, value, limit) => ({
  what,
  value: Number(value.toFixed(2)),
  limit: `<= ${limit}`,
  met: value <= limit,
});

export async function benchmark() {
  const targets = [];
  const measured = {};
  for (const [engine, sweep] of Object.entries(SWEEPS)) {
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await planned(sweep(5)));
    const seconds = median(runs.map((run) => run.seconds));
    const json = await planned(sweep(5), ["--json"]);
    const { declared, refused, merged, runs: toRun } = JSON.parse(json.out);
    const many = await planned(sweep(25));
    const points = `${declared.toLocaleString("en")} points of ${engine}`;
    targets.push(
      target(`lem plan of ${points}, s`, seconds, 5),
      target(`lem plan --json of ${points}, s`, json.seconds, 5),
      target(`peak memory of ${points}, MiB`, Math.max(...runs.map((run) => run.peak_mib)), 200),
      target(`seconds of five times the points / of these (${engine})`, many.seconds / seconds, 6),
    );
    measured[engine] = {
      declared,
      refused,
      merged,
      runs: toRun,
      seconds: runs.map((run) => run.seconds),
      five_times: { seconds: many.seconds, peak_mib: many.peak_mib },
    };
  }
  return { targets, predecessor: { seconds_of_20000: [20, 34], peak_mib: 515 }, measured };
}
