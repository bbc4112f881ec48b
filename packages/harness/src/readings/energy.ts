import {
  isAvailable,
  measured,
  ratioOf,
  stretchInterval,
  unavailable,
  WANDER_WITHIN_LOAD,
  type Reading,
  type SystematicError,
  type UnavailableReading,
  type Unit,
} from "@lem/domain";
import { idleDrift, idlePower, type Baseline, type IdleState } from "../energy/baseline.ts";
import { CHECKED_FROM_S } from "../energy/counter-check.ts";
import type { DomainEnergy } from "../energy/sampler.ts";
import type { MeasuredWindow } from "../measurement.ts";
import { instantRatio } from "./instant-ratio.ts";
import { windowTotals } from "./totals.ts";

type EnergyTag =
  | "total_j"
  | "joules_per_output_token"
  | "joules_per_total_token"
  | "joules_per_request"
  | "output_tokens_per_joule"
  | "mean_power"
  | "above_idle_bare_j"
  | "above_idle_loaded_j"
  | "above_idle_bare_joules_per_output_token"
  | "above_idle_loaded_joules_per_output_token"
  | "counter_ratio"
  | "instant_ratio";
/** A window as far as its energy depends on it. */
export type EnergyWindow = Pick<MeasuredWindow, "record" | "energy">;

/** The energy section: one reading a metric, and with several domains `total_j.<domain>` for each. */
export type EnergyReadings = Readonly<Record<EnergyTag, Reading>> & Readonly<Record<string, Reading>>;

/** Computes the energy section from the windows: ratios of their sums, with the interval between the windows. */
export function energyReadings(windows: readonly EnergyWindow[], baselines: readonly Baseline[] = []): EnergyReadings {
  const byDomain = domainTotals(windows);
  if (!(byDomain instanceof Map)) return missingEnergy(byDomain);
  const figures = (totals: ReadonlyMap<string, Reading>, of: readonly EnergyWindow[]): Figures => ({
    ...figuresOf(totals, of),
    ...aboveIdle(totals, of, baselines),
    counter_ratio: counterRatio(of),
    instant_ratio: instantRatio(of),
  });
  const whole = figures(byDomain, windows);
  const single = windows.map((window) => {
    const own = domainTotals([window]);
    return own instanceof Map ? figures(own, [window]) : missingEnergy(own);
  });
  const wanderOf = (tag: (typeof RATIOS)[number]): number | undefined => {
    const state = IDLE_STATES.find((each) => tag.startsWith(`above_idle_${each}`));
    if (state === undefined) return undefined;
    const drifts = [...byDomain.keys()].map((domain) => idleDrift(baselines, state, domain));
    return aboveIdleWander(whole, whole[tag], drifts);
  };
  const ratios = RATIOS.map(
    (tag) =>
      [
        tag,
        withInterval(
          whole[tag],
          single.map((figures) => figures[tag]),
          wanderOf(tag),
        ),
      ] as const,
  );
  const parts =
    byDomain.size > 1 ? [...byDomain].map(([domain, energy]) => [`total_j.${domain}`, energy] as const) : [];
  const mean_power = windows.length === 1 ? withOwnInterval(whole.mean_power, windows[0]) : undefined;
  return {
    ...whole,
    ...Object.fromEntries(ratios),
    ...(mean_power === undefined ? {} : { mean_power }),
    ...Object.fromEntries(parts),
  };
}

const IDLE_STATES = ["bare", "loaded"] as const satisfies readonly IdleState[];

const RATIOS = [
  "joules_per_output_token",
  "joules_per_total_token",
  "joules_per_request",
  "output_tokens_per_joule",
  "mean_power",
  "above_idle_bare_joules_per_output_token",
  "above_idle_loaded_joules_per_output_token",
] as const satisfies readonly EnergyTag[];

type Figures = Readonly<Record<EnergyTag, Reading>>;
type AboveIdleTag = Exclude<EnergyTag, "counter_ratio" | "instant_ratio"> & `above_idle_${string}`;

function figuresOf(
  byDomain: ReadonlyMap<string, Reading>,
  windows: readonly EnergyWindow[],
): Readonly<Record<Exclude<EnergyTag, AboveIdleTag | "counter_ratio" | "instant_ratio">, Reading>> {
  const total = totalEnergy(byDomain);
  const totals = windowTotals(windows.map((window) => window.record));
  const per = (top: Reading, bottom: Reading, unit: Unit): Reading =>
    ratioOf(top, bottom, { unit, source: sourceOf(total) });
  return {
    total_j: total,
    joules_per_output_token: per(total, totals.output_tokens, "J/token"),
    joules_per_total_token: per(total, totals.total_tokens, "J/token"),
    joules_per_request: per(total, totals.completed, "J/request"),
    output_tokens_per_joule: per(totals.output_tokens, total, "token/J"),
    mean_power: per(total, totals.length, "W"),
  };
}

/** Energy beyond what the machine draws at rest, without the engine and with its model loaded. */
function aboveIdle(
  byDomain: ReadonlyMap<string, Reading>,
  windows: readonly EnergyWindow[],
  baselines: readonly Baseline[],
): Readonly<Record<AboveIdleTag, Reading>> {
  const totals = windowTotals(windows.map((window) => window.record));
  const above = (state: IdleState): Reading =>
    totalEnergy(
      new Map(
        [...byDomain].map(([domain, energy]) => [
          domain,
          aboveIdleOf(energy, idlePower(baselines, state, domain), totals.length),
        ]),
      ),
    );
  const [bare, loaded] = [above("bare"), above("loaded")];
  const perToken = (energy: Reading): Reading =>
    ratioOf(energy, totals.output_tokens, { unit: "J/token", source: sourceOf(energy) });
  return {
    above_idle_bare_j: bare,
    above_idle_loaded_j: loaded,
    above_idle_bare_joules_per_output_token: perToken(bare),
    above_idle_loaded_joules_per_output_token: perToken(loaded),
  };
}

function aboveIdleOf(energy: Reading, idle: Reading, length: Reading): Reading {
  if (!isAvailable(energy)) return energy;
  if (!isAvailable(idle)) return idle;
  if (!isAvailable(length)) return length;
  const { systematic, source } = energy;
  return measured({
    value: energy.value - idle.value * length.value,
    unit: "J",
    source: `${source}, less ${idle.source}`,
    ...(systematic === undefined ? {} : { systematic }),
  });
}

/** The energy counter against the integrated samples, over all windows that are long enough. */
function counterRatio(windows: readonly EnergyWindow[]): Reading {
  const checks = windows.flatMap(({ energy }) =>
    "status" in energy ? [] : energy.flatMap((part) => (part.status === "measured" && part.check ? [part.check] : [])),
  );
  if (checks.length === 0)
    return unavailable("too-few-samples", `no window holds ${CHECKED_FROM_S} s between two ticks of an energy counter`);
  const counted = checks.reduce((sum, { counter_j }) => sum + counter_j, 0);
  const sampled = checks.reduce((sum, { counter_j, ratio }) => sum + counter_j / ratio, 0);
  return measured({
    value: counted / sampled,
    unit: "ratio",
    source: "NVML energy counter / power samples",
    n: checks.length,
  });
}

/**
 * Adds how far the windows differ from one another.
 * @param wander what moves too slowly for them to show, relative
 */
export function withInterval(
  whole: Reading,
  windows: readonly Reading[],
  wander: number = WANDER_WITHIN_LOAD.energy,
): Reading {
  if (!isAvailable(whole)) return whole;
  const values = windows.filter(isAvailable).map((reading) => reading.value);
  const interval = stretchInterval(values, wander);
  return { ...whole, n: windows.length, ...(interval === undefined ? {} : { interval }) };
}

/**
 * What moves unseen of an energy above idle, relative to it: the level of the whole energy, and the idle power, which is known
 * to half of its change from before to after.
 */
function aboveIdleWander(
  { joules_per_output_token: all, mean_power: power }: Figures,
  above: Reading,
  idle: readonly ReturnType<typeof idleDrift>[],
): number | undefined {
  if (!isAvailable(all) || !isAvailable(power) || !isAvailable(above) || above.value === 0) return undefined;
  const idle_w = Math.hypot(...idle.map((drift) => (drift?.watts ?? 0) / 2));
  const unseen_j = Math.hypot(WANDER_WITHIN_LOAD.energy * all.value, (idle_w * all.value) / power.value);
  return unseen_j / Math.abs(above.value);
}

/** A single window of a single domain says from its own samples how far its mean power is known. */
function withOwnInterval(power: Reading, window: EnergyWindow | undefined): Reading | undefined {
  if (!isAvailable(power) || window === undefined || "status" in window.energy) return undefined;
  const [only, ...others] = window.energy;
  if (only?.status !== "measured" || others.length > 0 || only.power_interval === undefined) return undefined;
  return { ...power, n: 1, interval: only.power_interval };
}

/** The same reason for every energy metric. */
export const missingEnergy = (reading: UnavailableReading): EnergyReadings => ({
  total_j: reading,
  joules_per_output_token: reading,
  joules_per_total_token: reading,
  joules_per_request: reading,
  output_tokens_per_joule: reading,
  mean_power: reading,
  above_idle_bare_j: reading,
  above_idle_loaded_j: reading,
  above_idle_bare_joules_per_output_token: reading,
  above_idle_loaded_joules_per_output_token: reading,
  counter_ratio: reading,
  instant_ratio: reading,
});

const sourceOf = (reading: Reading): string => (isAvailable(reading) ? reading.source : "energy");

/** Energy of each domain over all windows, or why there is none at all. */
function domainTotals(windows: readonly EnergyWindow[]): Map<string, Reading> | UnavailableReading {
  const totals = new Map<string, Reading>();
  for (const { energy } of windows) {
    if ("status" in energy) return energy;
    for (const part of energy) totals.set(part.domain, plus(totals.get(part.domain), part));
  }
  return totals.size > 0 ? totals : unavailable("no-sensor", "the energy sampler has no domains");
}

/** Missing plus anything stays missing. */
function plus(sum: Reading | undefined, part: DomainEnergy): Reading {
  if (sum !== undefined && !isAvailable(sum)) return sum;
  if (part.status === "unavailable") return unavailable(part.reason, part.detail);
  const systematic: SystematicError = { relative: part.relative_gain_error, source: `gain of ${part.source}` };
  return measured({ value: (sum?.value ?? 0) + part.energy_j, unit: "J", source: part.source, systematic });
}

/** The sum over domains, named in its source; missing as soon as one domain is. */
function totalEnergy(byDomain: ReadonlyMap<string, Reading>): Reading {
  const readings = [...byDomain.values()];
  const missing = readings.find((reading) => !isAvailable(reading));
  if (missing !== undefined) return missing;
  const parts = readings.filter(isAvailable);
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return only;
  const domains = [...byDomain.keys()].join(" + ");
  return measured({
    value: parts.reduce((sum, part) => sum + part.value, 0),
    unit: "J",
    source: `${domains}: ${only?.source ?? ""}`,
    systematic: {
      relative: Math.max(...parts.map((part) => part.systematic?.relative ?? 0)),
      source: "the largest gain error of its domains",
    },
  });
}
