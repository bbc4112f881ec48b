/**
 * `pnpm bench:gpu [OUT]`: every row of what must hold about energy, with its figure, its limit, and the device, driver
 * and versions that it was measured with. Traces and runs that were recorded on a GPU are analysed again, by the
 * functions that `lem run` uses; on a machine with a GPU the live checks run first (about three minutes). What nobody
 * measured yet is `unavailable`, with the reason and the command that measures it. Writes OUT/<date>-gpu-table.json.
 * OUT is bench/results unless given; BENCH_RESULTS is where earlier results lie, if not there. Exit code 1: a row misses
 * its limit.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { intervalTargets, judgeIntervals } from "./intervals.mjs";
import { machineFacts, root, unmeasured } from "./machine.mjs";
import { analyseTrace } from "./traces.mjs";

const FIXTURES = join(root, "packages/harness/test/energy/fixtures");
const RESULTS = process.env["BENCH_RESULTS"] ?? join(root, "bench/results");

/** Findings of a result whose figures do not compare with others. */
const UNSOUND = ["quality.throttled", "quality.unsteady-windows"];

/** The rows: which benchmarks answer them, and by which of their targets. */
const ROWS = [
  {
    row: "1 s windows of constant load",
    benchmarks: ["trace"],
    targets: /^1 s windows/,
    by: "node bench/gpu/record.mjs OUT full",
  },
  {
    row: "counter against ring, from 5 s on",
    benchmarks: ["trace"],
    targets: /^ring against/,
    by: "node bench/gpu/record.mjs OUT waves",
  },
  {
    row: "vLLM, 8B shape, through lem run",
    benchmarks: ["runs", "plain"],
    targets: /CV of|mean|computed again/,
    by: "node bench/gpu/runs.mjs",
  },
  {
    row: "what observing costs vLLM",
    benchmarks: ["observer", "trace", "runs"],
    targets: /^(?!1 s windows|ring against|.*(CV of|false rejects|computed again))/,
    by: "node bench/gpu/observer.mjs",
  },
  { row: "two GPUs read at the same instant", benchmarks: ["live"], targets: /skew/, by: "node bench/gpu/live.mjs" },
  { row: "stated 95 % intervals", benchmarks: ["intervals"], targets: /./, by: "node bench/gpu/record.mjs OUT full" },
  {
    row: "injected faults and clean windows",
    benchmarks: ["live", "runs"],
    targets: /^(?!.*(skew|CV of|computed again|share of a core))/,
    by: "node bench/gpu/live.mjs",
  },
];

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));

const filesIn = (folder, ending) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => join(folder, name));

const traces = () => filesIn(FIXTURES, ".json.gz").map(analyseTrace);

/** The newest result of each benchmark and device that has rows. */
function newestOf(results) {
  const newest = new Map();
  for (const stored of results) {
    const device = stored.machine?.device ?? stored.device;
    if (device == null || !Array.isArray(stored.targets)) continue;
    newest.set([stored.benchmark, stored.part, device].join(" "), stored);
  }
  return [...newest.values()];
}

const shapeOf = ({ device, engine, model, workload: { concurrency, n, input_tokens, output_tokens } }) =>
  `${device}, ${engine.name} ${engine.version}, ${model}, ${n} × ${input_tokens} in ${output_tokens} out, ${concurrency} at a time`;

const isMeasured = ({ energy_j }) => energy_j !== null;
const tokensOf = ({ token }, { input_tokens, output_tokens }) => (token === "input" ? input_tokens : output_tokens);

/** Joules a token, and tokens a second, of the windows of every stored run; runs whose own result says that they do not compare stay out. */
function loadsOfRuns(results) {
  const runs = results
    .filter(({ benchmark }) => benchmark === "runs" || benchmark === "gpu-runs")
    .flatMap((stored) => stored.runs);
  const described = runs.map((run) => ({
    shape: shapeOf(run),
    load: `${shapeOf(run)}${run.of === undefined ? "" : ` (${run.of})`}`,
    window_s: run.windows[0]?.length_s,
    energy: run.windows.filter(isMeasured).map((each) => each.energy_j / tokensOf(run, each)),
    throughput: run.windows.filter(isMeasured).map((each) => tokensOf(run, each) / each.length_s),
    unsound: (run.findings ?? []).filter((code) => UNSOUND.includes(code)),
  }));
  return {
    sound: described.filter(
      ({ unsound, energy, window_s }) => unsound.length === 0 && energy.length > 1 && window_s >= 1,
    ),
    left_out: described.filter(({ unsound }) => unsound.length > 0).map(({ load, unsound }) => ({ load, unsound })),
  };
}

/** Facts that say where a figure comes from. */
function originOf({ machine, device, driver, node, lem, recorded, date }) {
  return {
    device: machine?.device ?? device,
    driver: machine?.driver ?? driver,
    recorded: recorded ?? date,
    node: machine?.node ?? node,
    lem: machine?.lem ?? lem ?? null,
  };
}

const withOrigin = (benchmark, stored) =>
  stored.targets.map((target) => ({ benchmark, ...target, ...originOf(stored) }));

function measureLive(out) {
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, "live.mjs"), out], { stdio: "inherit" });
  if (status !== 0) console.log(`the live checks ended with ${status}`);
}

const [out = RESULTS] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const here = await machineFacts();
if (here.gpus.length > 0) measureLive(out);

const recorded = traces();
const files = [...new Set([RESULTS, out])].flatMap((folder) => filesIn(folder, ".json")).map(readJson);
const runs = loadsOfRuns(files);
const loads = [...recorded.flatMap((trace) => trace.loads), ...runs.sound];
const judged = { ...judgeIntervals(loads), left_out: runs.left_out };
const devices = [...new Set(loads.map(({ load }) => load.split(",")[0]))].join("; ");
const own = {
  device: devices,
  driver: recorded[0]?.report.driver,
  recorded: recorded.at(-1)?.report.recorded,
  node: here.node,
  lem: here.lem,
};
const targets = [
  ...recorded.flatMap(({ report }) => withOrigin("trace", report)),
  ...newestOf(files).flatMap((stored) => withOrigin(stored.benchmark, stored)),
  ...intervalTargets(judged).map((target) => ({ benchmark: "intervals", ...target, ...own })),
];

const why = here.unavailable ?? (here.gpus.length === 0 ? "no GPU" : "not measured on this machine yet");
const rows = ROWS.map(({ row, benchmarks, targets: pattern, by }) => {
  const found = targets.filter((each) => benchmarks.includes(each.benchmark) && pattern.test(each.what));
  return { row, targets: found.length > 0 ? found : [unmeasured(row, "", `${why}; measured by: ${by}`)] };
});
const live = here.gpus.length > 0 ? "live" : `unavailable here: ${why}`;
const date = new Date().toISOString().slice(0, 10);
const table = { schema_version: 1, benchmark: "gpu-table", date, analysed_with: here, live, rows };
const evidence = { traces: recorded.map(({ report }) => report), intervals: judged };
writeFileSync(join(out, `${date}-gpu-table.json`), `${JSON.stringify({ ...table, ...evidence }, null, 2)}\n`);

console.log(`lem ${here.lem}, Node ${here.node}; GPU ${live}`);
for (const { row, targets: found } of rows) {
  console.log(`\n${row}`);
  for (const { what, value, limit, met, unavailable, device, driver, recorded: day } of found) {
    const origin = device === undefined ? "" : `   ${device}, driver ${driver}, ${day}`;
    if (met === null) console.log(`  n/a   ${what}: unavailable, ${unavailable}${origin}`);
    else console.log(`  ${met ? "ok  " : "MISS"}  ${what}: ${value} (target ${limit})${origin}`);
    if (met === false) process.exitCode = 1;
  }
}
