/**
 * `node bench/gpu/keep-window.mjs OUT.json.gz RESULT_FOLDER WINDOW`: keeps one window of a run on a GPU as a fixture, with the
 * instants of its requests and tokens, the engine's steps and what the sensors said around it. Columns are stored as
 * differences of microseconds; ids are left out. packages/harness/test/support/recorded-window.ts reads it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readResult } from "../../packages/study/src/results/read.ts";
import { recomputeResults } from "../../packages/study/src/results/recompute.ts";
import { readRequestsParquet } from "../../packages/study/src/results/requests-parquet.ts";
import { readRawEnergy } from "../../packages/study/src/results/samples-parquet.ts";
import { readStepsParquet } from "../../packages/study/src/results/steps-parquet.ts";
import { studyAt } from "./lem-runs.mjs";

/** Seconds of the sensors' streams that are kept before and after the window. */
const AROUND_S = 2.5;
const QUANTITIES = { power: 1e3, power_instant: 1e3, energy_counter: 1e3, clock_offset: 1, gpu_busy: 100 };

const deltas = (values) => Array.from(values, (value, index) => value - (index === 0 ? 0 : values[index - 1]));
const micros = (nanoseconds) => Array.from(nanoseconds, (time) => Math.round(time / 1e3));

const [out, path, number] = process.argv.slice(2);
const [{ folder }] = await recomputeResults(studyAt(path));
const at = (name) => join(folder, `${name}.parquet`);
const result = await readResult(join(folder, "result.json"));
const window = result.windows.find((each) => each.window === Number(number));
const { recordings } = await readRawEnergy(at("samples"));
const timelines = (await readRequestsParquet(at("requests"))).filter((each) => each.window === window.window);
const steps = (await readStepsParquet(at("steps"))).get(window.window);

const series = ({ sensor, streams }) => ({
  sensor,
  streams: Object.fromEntries(
    Object.entries(QUANTITIES).flatMap(([quantity, scale]) => {
      const points = streams.get(quantity);
      if (points === undefined) return [];
      const inside = [...points.t_ns.keys()].filter((index) => {
        const since_s = (points.t_ns[index] - window.origin_ns) / 1e9;
        return since_s > -AROUND_S && since_s < window.length_s + AROUND_S;
      });
      const t_us = deltas(inside.map((index) => Math.round((points.t_ns[index] - window.origin_ns) / 1e3)));
      return [
        [quantity, { scale, t_us, value: deltas(inside.map((index) => Math.round(points.value[index] * scale))) }],
      ];
    }),
  ),
});

const gpu = result.environment.facts.gpu ?? {};
const fact = (pattern) => gpu[Object.keys(gpu).find((name) => pattern.test(name))]?.value ?? null;
const kept = {
  header: {
    device: fact(/^gpu\d+_name$/),
    driver: fact(/^driver_version$/),
    engine: `${result.engine.name} ${result.engine.version}`,
    model: result.model.name,
    window: { ...window, steady: undefined },
  },
  requests: timelines.map(({ submitted_ns, finished_ns, input_tokens, token_ns, timing, finish }) => ({
    submitted_us: Math.round(submitted_ns / 1e3),
    finished_us: Math.round(finished_ns / 1e3),
    input_tokens,
    token_us: deltas(micros(token_ns)),
    timing,
    finish,
  })),
  steps: {
    ...Object.fromEntries(Object.entries(steps).map(([name, column]) => [name, [...column]])),
    t_ns: undefined,
    t_us: deltas(micros(steps.t_ns)),
  },
  recordings: recordings.filter(({ sensor }) => sensor.domain.startsWith("gpu")).map(series),
};
const packed = gzipSync(JSON.stringify(kept), { level: 9 });
writeFileSync(out, packed);
console.log(`${out}: ${packed.length} bytes, ${timelines.length} requests, ${steps.t_ns.length} steps`);
