/**
 * `pnpm bench:gpu [TRACE...]`: what the recorded traces of a real GPU say about the energy of windows. Every figure comes
 * from the functions that `lem run` uses; the report names the device and driver that the trace was recorded on.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compareMeans } from "../../packages/domain/src/statistics/comparison.ts";
import { meanInterval, seededRandom } from "../../packages/domain/src/statistics/interval.ts";
import { seriesInterval } from "../../packages/domain/src/statistics/series.ts";
import { coefficientOfVariation, mean } from "../../packages/domain/src/statistics/summary.ts";
import { checkAgainstCounter } from "../../packages/harness/src/energy/counter-check.ts";
import { firstAtOrAfter, pointsBetween } from "../../packages/harness/src/energy/recording.ts";
import { PowerSeries } from "../../packages/harness/src/energy/power-series.ts";
import { windowEnergy } from "../../packages/harness/src/energy/window-energy.ts";
import { readTrace } from "../../packages/harness/test/support/recorded-trace.ts";

const root = join(import.meta.dirname, "../..");
const FIXTURES = join(root, "packages/harness/test/energy/fixtures");
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
  const perProduct = (from, to) => energy(from, to).energy_j / (productsUntil(to) - productsUntil(from));
  const loads = phases
    .filter((phase) => phase.do === "constant" && phase.seconds > 2 * WARM_S)
    .map(({ from_ns, to_ns }) => ({ from: from_ns + WARM_S * 1e9, to: to_ns - 1e9 }));
  return { trace, recording, phases, header, series, ticks, power, perProduct, loads, energy };
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

/** Counter against ring, and the instantaneous field integrated as a naive tool would, for every phase of 5 s and more. */
function sources({ phases, recording, series }) {
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
        counter_w: Number(counter_w.toFixed(1)),
        ring_against_counter_percent: percent(1 / check.ratio - 1),
        ...(naive_w === undefined ? {} : { instant_against_counter_percent: percent(naive_w / counter_w - 1) }),
      };
    });
}

const disjoint = ({ from, to }, seconds) =>
  Array.from({ length: Math.floor((to - from) / 1e9 / seconds) }, (_, n) => [
    from + n * seconds * 1e9,
    from + (n + 1) * seconds * 1e9,
  ]);

const groupsOf = (values, size) =>
  Array.from({ length: Math.floor(values.length / size) }, (_, group) =>
    values.slice(group * size, (group + 1) * size),
  );

/** A fixed shuffle, so that groups hold windows from all over a load. */
function shuffled(values, seed) {
  const random = seededRandom(seed);
  return values
    .map((value) => [random(), value])
    .toSorted(([a], [b]) => a - b)
    .map(([, value]) => value);
}

/** Whether groups of five windows of one load state intervals that hold the mean of all other windows. */
function groupsOfFive(loads, order) {
  const count = { groups: 0, covered: 0, pairs: 0, alarms: 0, steps: 0 };
  for (const [number, joules] of loads.entries()) {
    const five = groupsOf(order(joules, number + 1), 5);
    const total = joules.reduce((sum, value) => sum + value, 0);
    five.forEach((group, index) => {
      const { low, high } = meanInterval(group);
      const truth = (total - mean(group) * 5) / (joules.length - 5);
      count.groups += 1;
      if (low <= truth && truth <= high) count.covered += 1;
      const next = five[index + 1];
      if (next === undefined) return;
      count.pairs += 1;
      if (compareMeans(group, next).distinguishable) count.alarms += 1;
      const stepped = next.map((value) => 1.03 * value);
      if (compareMeans(group, stepped).distinguishable) count.steps += 1;
    });
  }
  return {
    groups: count.groups,
    coverage_percent: percent(count.covered / count.groups, 1),
    a_a_pairs: count.pairs,
    a_a_false_alarms_percent: percent(count.alarms / count.pairs, 1),
    step_of_3_percent_found_percent: percent(count.steps / count.pairs, 1),
  };
}

/** Whether the block bootstrap inside single windows holds the mean power of the whole load; many are too short for one. */
function withinWindows(loads, recording, seconds) {
  const power = recording.streams.get("power");
  let [windows, stated, covered] = [0, 0, 0];
  for (const load of loads) {
    const truth = mean(pointsBetween(power, load.from, load.to).value);
    for (const [from, to] of disjoint(load, seconds)) {
      const interval = seriesInterval(pointsBetween(power, from, to).value);
      windows += 1;
      if (interval === undefined) continue;
      stated += 1;
      if (interval.low <= truth && truth <= interval.high) covered += 1;
    }
  }
  return { window_s: seconds, windows, with_an_interval: stated, coverage_percent: percent(covered / stated, 1) };
}

/** Lengths of window that intervals are tried with: no single one is chosen, all count together. */
const WINDOW_LENGTHS_S = [0.5, 0.6, 0.75, 0.85, 1];

function intervals({ loads, perProduct, recording }) {
  const byLength = WINDOW_LENGTHS_S.map((window_s) => {
    const joules = loads.map((load) => disjoint(load, window_s).map(([from, to]) => perProduct(from, to)));
    return {
      window_s,
      windows: joules.flat().length,
      spread_over_a_load: groupsOfFive(joules, shuffled),
      one_after_another: groupsOfFive(joules, (values) => values),
    };
  });
  const pooled = (how) => {
    const parts = byLength.map((each) => each[how]);
    const weighted = (field, weight) =>
      Number(
        (
          parts.reduce((sum, part) => sum + part[field] * part[weight], 0) /
          parts.reduce((sum, part) => sum + part[weight], 0)
        ).toFixed(1),
      );
    return {
      coverage_percent: weighted("coverage_percent", "groups"),
      a_a_false_alarms_percent: weighted("a_a_false_alarms_percent", "a_a_pairs"),
      step_of_3_percent_found_percent: weighted("step_of_3_percent_found_percent", "a_a_pairs"),
    };
  };
  return {
    spread_over_a_load: pooled("spread_over_a_load"),
    one_after_another: pooled("one_after_another"),
    by_length: byLength,
    within: [1, 3, 5].map((length) => withinWindows(loads, recording, length)),
  };
}

function ringFacts({ recording, phases }) {
  const { t_ns } = recording.streams.get("power");
  const steps = Float64Array.from(t_ns.slice(1), (time, index) => (time - t_ns[index]) / 1e6).sort();
  const drains = Float64Array.from(recording.streams.get("drain_cost").value, (cost) => cost * 1e3).sort();
  const at = (sorted, q) => Number(sorted[Math.floor(q * (sorted.length - 1))].toFixed(2));
  const cpu = recording.streams.get("sampler_cpu");
  const share = (cpu.value.at(-1) - cpu.value[0]) / ((cpu.t_ns.at(-1) - cpu.t_ns[0]) / 1e9);
  return {
    samples: t_ns.length,
    recorded_s: Math.round((phases.at(-1).to_ns - phases[0].from_ns) / 1e9),
    spacing_ms: { p1: at(steps, 0.01), median: at(steps, 0.5), p99: at(steps, 0.99), max: at(steps, 1) },
    drain_ms: { median: at(drains, 0.5), max: at(drains, 1) },
    sampler_share_of_a_core_percent: percent(share),
  };
}

const targetOf = (what, value, limit, met) => ({ what, value, limit, met });

function targetsOf({ windows, sources: found, intervals: stated, ring }, cadence) {
  const worst = (pick) => Math.max(...windows.map(pick));
  const targets = [];
  if (windows.length > 0) {
    const cv = worst((each) => each.ring.cv_percent);
    const bias = worst((each) => Math.abs(each.ring.bias_percent));
    targets.push(targetOf("1 s windows, 40 starts, CV %", cv, "<= 0.5", cv <= 0.5));
    targets.push(targetOf("1 s windows, bias against the whole load %", bias, "<= 0.3", bias <= 0.3));
    for (const [
      how,
      { coverage_percent: held, a_a_false_alarms_percent: alarms, step_of_3_percent_found_percent: steps },
    ] of [
      ["windows spread over a load", stated.spread_over_a_load],
      ["windows one after another", stated.one_after_another],
    ]) {
      targets.push(targetOf(`coverage of intervals of 5 ${how} %`, held, "90-98", held >= 90 && held <= 98));
      targets.push(targetOf(`A/A false alarms, ${how} %`, alarms, "<= 5", alarms <= 5));
      targets.push(targetOf(`3 % step found at n = 5, ${how} %`, steps, "100", steps === 100));
    }
  }
  for (const { load, ring_against_counter_percent: off } of found)
    targets.push(targetOf(`ring against counter, ${load}, %`, off, "within 1", Math.abs(off) <= 1));
  if (cadence.counter_ms !== 0)
    targets.push(
      targetOf(
        "sampler, share of a core %",
        ring.sampler_share_of_a_core_percent,
        "<= 1",
        ring.sampler_share_of_a_core_percent <= 1,
      ),
    );
  return targets;
}

const files = process.argv.slice(2);
if (files.length === 0) files.push(...["h100-gemm.json.gz", "h100-waves.json.gz"].map((name) => join(FIXTURES, name)));
mkdirSync(join(root, "bench/results"), { recursive: true });
for (const file of files) {
  const parts = analysis(file);
  const { header } = parts;
  const report = {
    windows: shortWindows(parts),
    sources: sources(parts),
    intervals: parts.loads.length === 0 ? null : intervals(parts),
    ring: ringFacts(parts),
  };
  const targets = targetsOf(report, header.cadence);
  const name = `${header.recorded}-energy-${header.plan}-${header.device.split(" ")[1]?.toLowerCase() ?? "gpu"}`;
  const stored = {
    schema_version: 1,
    benchmark: "energy",
    ...header,
    analysed_with: process.version,
    ...report,
    targets,
  };
  writeFileSync(join(root, "bench/results", `${name}.json`), `${JSON.stringify(stored, null, 2)}\n`);
  console.log(`${header.device}, driver ${header.driver}, recorded ${header.recorded}, plan ${header.plan}`);
  for (const { what, value, limit, met } of targets)
    console.log(`${met ? "ok  " : "MISS"} ${what} ${value} (target ${limit})`);
}
