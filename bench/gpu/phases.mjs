/**
 * `node bench/gpu/phases.mjs OUT NAME=RESULT_FOLDER...`: the steady state and the phases of what `lem run` measured on a
 * GPU, computed from the raw streams of each result folder: what prefill and decoding leave over, whether counter and
 * samples agree between the ticks that cut the steady state, and whether the joules of a run follow from those of a prompt
 * token of another load, that of prompts alone (NAME `prefill`), and of its own decoded tokens. Nothing is typed in by hand.
 */
import { join } from "node:path";
import { recomputeLoad } from "../../packages/harness/src/recompute-load.ts";
import { readResult } from "../../packages/study/src/results/read.ts";
import { recomputeResults } from "../../packages/study/src/results/recompute.ts";
import { readRequestsParquet } from "../../packages/study/src/results/requests-parquet.ts";
import { readRawEnergy } from "../../packages/study/src/results/samples-parquet.ts";
import { readStepsParquet } from "../../packages/study/src/results/steps-parquet.ts";
import { studyAt } from "./lem-runs.mjs";
import { machineFacts, rounded, target, unmeasured, writeResult } from "./machine.mjs";

const RESIDUAL_PERCENT = 3;
const CLOSURE_PERCENT = 3;
const SOURCES_PERCENT = 1;
/** Above this share of the time in mixed steps there is no claim on what they leave over. */
const MIXED = 0.01;

const shown = (reading) =>
  reading === undefined || reading.status === "unavailable"
    ? { unavailable: reading?.reason ?? "not stored", detail: reading?.detail }
    : {
        value: rounded(reading.value),
        unit: reading.unit,
        n: reading.n,
        ...(reading.systematic === undefined ? {} : { systematic: rounded(reading.systematic.relative, 3) }),
        ...(reading.interval === undefined
          ? {}
          : { interval: [rounded(reading.interval.low), rounded(reading.interval.high)] }),
      };

const shownAll = (readings = {}) =>
  Object.fromEntries(Object.entries(readings).map(([tag, each]) => [tag, shown(each)]));

async function loadOf(result, folder) {
  const at = (name) => join(folder, `${name}.parquet`);
  const { recordings } = await readRawEnergy(at("samples"));
  const load = { timelines: await readRequestsParquet(at("requests")), steps: await readStepsParquet(at("steps")) };
  return recomputeLoad(result, recordings, load);
}

async function describe({ folder }, of) {
  const result = await readResult(join(folder, "result.json"));
  const gpu = result.environment.facts.gpu ?? {};
  const fact = (pattern) => gpu[Object.keys(gpu).find((name) => pattern.test(name))]?.value ?? null;
  const head = { of, device: fact(/^gpu\d+_name$/), driver: fact(/^driver_version$/), status: result.status };
  if (result.status !== "completed") return head;
  const { steady, engine_phases } = await loadOf(result, folder);
  return {
    ...head,
    engine: result.engine,
    model: result.model?.name ?? null,
    workload: result.config.resolved.workload,
    tokens: {
      ...result.tokens,
      decoded: result.tokens.output - result.windows.reduce((n, { completed }) => n + completed, 0),
    },
    total_j: shown(result.energy.total_j),
    joules_per_output_token: shown(result.energy.joules_per_output_token),
    instant_ratio: shown(result.energy.instant_ratio),
    counter_ratio: shown(result.energy.counter_ratio),
    steady: shownAll(steady),
    engine_phases: shownAll(engine_phases),
    windows: result.windows.map(({ length_s, steady: found }) => ({ length_s: rounded(length_s), steady: found })),
  };
}

function residualOf({ of, engine_phases: phases }) {
  const what = `${of}: energy in neither prefill nor decoding, %`;
  const limit = `<= ${RESIDUAL_PERCENT}`;
  const residual = phases.phase_residual;
  if (residual.value === undefined) return unmeasured(what, limit, residual.detail);
  const [prefill, decode, mixed] = ["prefill_time", "decode_time", "mixed_time"].map((tag) => phases[tag].value);
  const share = mixed / (prefill + decode + mixed);
  const percent = rounded(100 * residual.value, 3);
  if (share > MIXED)
    return unmeasured(what, limit, `${(100 * share).toFixed(0)} % of the time was in mixed steps; it is ${percent}`);
  return target(what, percent, limit, percent <= RESIDUAL_PERCENT);
}

/** The joules that a run of prompts alone and the run's own steps of decoding foretell, against those measured. */
function closureOf({ of, tokens, total_j, engine_phases: phases }, prompts) {
  const what = `${of}: joules of a prompt token in another load x prompts + of its decoded tokens, against the whole, % off`;
  const limit = `<= ${CLOSURE_PERCENT}`;
  const prompt = prompts.engine_phases.prefill_joules_per_input_token;
  const decoded = phases.decode_joules_per_output_token;
  const missing = [prompt, decoded, total_j].find(({ value }) => value === undefined);
  if (missing !== undefined) return unmeasured(what, limit, missing.detail);
  const off = 100 * ((prompt.value * tokens.input + decoded.value * tokens.decoded) / total_j.value - 1);
  return target(what, rounded(off, 3), limit, Math.abs(off) <= CLOSURE_PERCENT);
}

const sameSubject = (a, b) => a.model === b.model && a.engine.name === b.engine.name;

function sourcesOf({ of, steady }) {
  const what = `${of}: counter against samples between the ticks that cut the steady state, % off`;
  const limit = `<= ${SOURCES_PERCENT}`;
  const { value, detail } = steady.steady_counter_ratio;
  if (value === undefined) return unmeasured(what, limit, detail);
  const off = 100 * Math.abs(value - 1);
  return target(what, rounded(off, 3), limit, off <= SOURCES_PERCENT);
}

const [out, ...named] = process.argv.slice(2);
const runs = [];
for (const each of named) {
  const [name, path] = each.split("=");
  for (const recomputed of await recomputeResults(studyAt(path))) runs.push(await describe(recomputed, name));
}
const here = await machineFacts();
for (const device of new Set(runs.map((run) => run.device))) {
  const own = runs.filter((run) => run.device === device && run.status === "completed");
  const prompts = own.find(({ of }) => of === "prefill");
  const others = own.filter((run) => prompts !== undefined && run !== prompts && sameSubject(run, prompts));
  writeResult(out, "phases", {
    machine: { device, driver: own[0]?.driver ?? null, lem: here.lem, node: here.node },
    targets: [...own.map(residualOf), ...others.map((run) => closureOf(run, prompts)), ...own.map(sourcesOf)],
    runs: own,
  });
}
