/**
 * What the recorded traces of a real GPU say about the energy of windows: by the functions that `lem run` uses, with the
 * device and driver that the trace was recorded on.
 */
import { seededRandom } from "../../packages/domain/src/statistics/interval.ts";
import { seriesInterval } from "../../packages/domain/src/statistics/series.ts";
import { coefficientOfVariation, mean } from "../../packages/domain/src/statistics/summary.ts";
import { checkAgainstCounter } from "../../packages/harness/src/energy/counter-check.ts";
import { firstAtOrAfter, pointsBetween } from "../../packages/harness/src/energy/recording.ts";
import { PowerSeries } from "../../packages/harness/src/energy/power-series.ts";
import { windowEnergy } from "../../packages/harness/src/energy/window-energy.ts";
import { readTrace } from "../../packages/harness/test/support/recorded-trace.ts";
import { samplerWork, target, unmeasured } from "./machine.mjs";

const WARM_S = 15;
const percent = (share, digits = 2) => Number((100 * share).toFixed(digits));

function analysis(file) {
  const trace = readTrace(file);
  const { recording, phases, work, header } = trace;
  const { t_ns, value } = recording.streams.get("power");
  const series = new PowerSeries({ t_ns: [...t_ns], power_w: [...value] });
  const ticks = recording.streams.get("energy_counter");
  const energy = (from_ns, to_ns) => windowEnergy(recording, { from_ns, to_ns });
  const power = (from, to) => {
    const found = energy(from, to);
    return found.status === "measured" ? found.energy_j / ((to - from) / 1e9) : Number.NaN;
  };
  /** Products finished until an instant: a chunk's are spread over its time. */
  const productsUntil = (instant) => {
    const after = firstAtOrAfter(work.t_ns, instant);
    const [t0, t1] = [work.t_ns[after - 1], work.t_ns[after]];
    const [p0, p1] = [work.products[after - 1], work.products[after]];
    return p0 + ((p1 - p0) * (instant - t0)) / (t1 - t0);
  };
  const loads = phases
    .filter((phase) => phase.do === "constant" && phase.seconds > 2 * WARM_S)
    .map(({ from_ns, to_ns }) => ({ from: from_ns + WARM_S * 1e9, to: to_ns - 1e9 }));
  return { work, recording, phases, header, series, ticks, power, productsUntil, loads, energy };
}

/** Mean power by the counter read at two instants, as a naive tool does: each read gives the newest tick. */
function naive(ticks, from, to) {
  const at = (instant) => ticks.value[firstAtOrAfter(ticks.t_ns, instant) - 1];
  return (at(to) - at(from)) / ((to - from) / 1e9);
}

function tickAligned(ticks, from, to) {
  const inside = pointsBetween(ticks, from, to);
  const length = (inside.t_ns.at(-1) - inside.t_ns[0]) / 1e9;
  return (inside.value.at(-1) - inside.value[0]) / length;
}

function shortWindows({ loads, power, ticks }) {
  return loads.map(({ from, to }, number) => {
    const random = seededRandom(number + 1);
    const starts = Array.from({ length: 40 }, () => from + random() * (to - from - 1e9));
    const truth = power(from, to);
    const by = (method) => {
      const found = starts.map((start) => method(start, start + 1e9));
      return {
        cv_percent: percent(coefficientOfVariation(found), 3),
        bias_percent: percent(mean(found) / truth - 1, 3),
      };
    };
    return {
      truth_w: Number(truth.toFixed(2)),
      truth_s: Number(((to - from) / 1e9).toFixed(1)),
      ring: by(power),
      ticks: by((begin, end) => tickAligned(ticks, begin, end)),
      naive_counter: by((begin, end) => naive(ticks, begin, end)),
    };
  });
}

/** Share of a wave's time that the GPU was really on: a throttled GPU needs longer for the same products. */
function dutyOf({ t_ns, on_ns }, { from_ns, to_ns }) {
  let on = 0;
  t_ns.forEach((done, index) => {
    if (done > from_ns && done <= to_ns) on += done - on_ns[index];
  });
  return Number((on / (to_ns - from_ns)).toFixed(2));
}

/** Counter against ring, and the instantaneous field integrated as a naive tool would, for every phase of 5 s and more. */
function sources({ phases, recording, series, work }) {
  return phases
    .filter(({ do: what, from_ns, to_ns }) => what !== "end" && to_ns - from_ns >= 5e9)
    .map((phase) => {
      const span = [phase.from_ns + (phase.do === "bare" ? 0.1e9 : 0.4e9), phase.to_ns - 0.1e9];
      const check = checkAgainstCounter(recording, series, span);
      const instant = recording.streams.get("power_instant");
      const counter_w = check.counter_j / check.length_s;
      const naive_w = instant && mean(pointsBetween(instant, check.from_ns, check.to_ns).value);
      return {
        load: [
          phase.do,
          phase.period_ms && `${phase.period_ms} ms`,
          phase.duty,
          phase.jitter_ms && `jitter ${phase.jitter_ms} ms`,
        ]
          .filter(Boolean)
          .join(" "),
        ...(phase.do === "wave"
          ? { period_ms: phase.period_ms, duty: phase.duty, duty_reached: dutyOf(work, phase) }
          : {}),
        counter_w: Number(counter_w.toFixed(1)),
        ring_against_counter_percent: percent(1 / check.ratio - 1),
        ...(naive_w === undefined ? {} : { instant_against_counter_percent: percent(naive_w / counter_w - 1) }),
      };
    });
}

/** What a trace's loads cost and did in each second: joules a product and products a second, window after window. */
const secondsOf = ({ loads, energy, productsUntil, header }) =>
  loads.map(({ from, to }, number) => {
    const windows = Array.from({ length: Math.floor((to - from) / 1e9) }, (_, second) => {
      const [begin, end] = [from + second * 1e9, from + (second + 1) * 1e9];
      const products = productsUntil(end) - productsUntil(begin);
      return { energy: energy(begin, end).energy_j / products, throughput: products };
    });
    return {
      shape: `${header.device}, trace ${header.plan}`,
      load: `${header.device}, trace ${header.plan}, constant load ${number + 1}`,
      window_s: 1,
      energy: windows.map((window) => window.energy),
      throughput: windows.map((window) => window.throughput),
    };
  });

/** Whether the block bootstrap inside single windows holds the mean power of the whole load; many are too short for one. */
function withinWindows({ loads, recording }, seconds) {
  const power = recording.streams.get("power");
  let [windows, stated, covered] = [0, 0, 0];
  for (const { from, to } of loads) {
    const truth = mean(pointsBetween(power, from, to).value);
    for (let begin = from; begin + seconds * 1e9 <= to; begin += seconds * 1e9) {
      const interval = seriesInterval(pointsBetween(power, begin, begin + seconds * 1e9).value);
      windows += 1;
      if (interval === undefined) continue;
      stated += 1;
      if (interval.low <= truth && truth <= interval.high) covered += 1;
    }
  }
  return { window_s: seconds, windows, with_an_interval: stated, coverage_percent: percent(covered / stated, 1) };
}

function ringFacts({ recording, phases }) {
  const { t_ns } = recording.streams.get("power");
  const steps = Float64Array.from(t_ns.slice(1), (time, index) => (time - t_ns[index]) / 1e6).sort();
  const drains = Float64Array.from(recording.streams.get("drain_cost").value, (cost) => cost * 1e3).sort();
  const at = (sorted, q) => Number(sorted[Math.floor(q * (sorted.length - 1))].toFixed(2));
  const { cpu_s, seconds } = samplerWork(recording.streams.get("sampler_cpu"));
  return {
    samples: t_ns.length,
    recorded_s: Math.round((phases.at(-1).to_ns - phases[0].from_ns) / 1e9),
    spacing_ms: { p1: at(steps, 0.01), median: at(steps, 0.5), p99: at(steps, 0.99), max: at(steps, 1) },
    drain_ms: { median: at(drains, 0.5), max: at(drains, 1) },
    sampler_share_of_a_core_percent: percent(cpu_s / seconds),
  };
}

/** The recorder can also poll sources that a run leaves alone; such a trace says nothing about the sampler of a run. */
const isCadenceOfRun = ({ cadence }) => cadence.counter_ms !== 0;
/** Shorter waves are within one sample: nobody claims to see them. */
const SHORTEST_WAVE_MS = 50;
/** A wave whose duty is off by more than this is another load than it says. */
const DUTY_TOLERANCE = 0.1;

function sourceTarget({ load, duty, duty_reached, ring_against_counter_percent: off }, beside) {
  const what = `ring against counter, ${load}${beside}, %`;
  if (duty !== undefined && Math.abs(duty_reached - duty) > DUTY_TOLERANCE)
    return unmeasured(what, "within 1", `the GPU was throttled: on for ${percent(duty_reached, 0)} % of the time`);
  return target(what, off, "within 1", Math.abs(off) <= 1);
}

function targetsOf({ windows, sources: found, ring }, header) {
  const worst = (pick) => Math.max(...windows.map(pick));
  const targets = [];
  if (windows.length > 0) {
    const cv = worst((each) => each.ring.cv_percent);
    const bias = worst((each) => Math.abs(each.ring.bias_percent));
    targets.push(target("1 s windows at 40 random starts, CV %", cv, "<= 0.5", cv <= 0.5));
    targets.push(target("1 s windows, bias against the whole load, %", bias, "<= 0.3", bias <= 0.3));
  }
  const polled = isCadenceOfRun(header) ? "" : " (power fields and counter polled without a pause)";
  targets.push(
    ...found
      .filter(({ period_ms = SHORTEST_WAVE_MS }) => period_ms >= SHORTEST_WAVE_MS)
      .map((each) => sourceTarget(each, polled)),
  );
  if (polled !== "") return targets;
  const share = ring.sampler_share_of_a_core_percent;
  targets.push(target("sampler, share of a core, %", share, "<= 1", share <= 1));
  return targets;
}

/** What a recorded trace says: a report with its rows, and the windows of its constant loads. */
export function analyseTrace(file) {
  const parts = analysis(file);
  const report = {
    windows: shortWindows(parts),
    sources: sources(parts),
    within: parts.loads.length === 0 ? [] : [1, 3, 5].map((seconds) => withinWindows(parts, seconds)),
    ring: ringFacts(parts),
  };
  return {
    report: { ...parts.header, ...report, targets: targetsOf(report, parts.header) },
    loads: secondsOf(parts),
  };
}
