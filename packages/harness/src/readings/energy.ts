import {
  isAvailable,
  meanInterval,
  measured,
  ratioOf,
  unavailable,
  type Reading,
  type SystematicError,
  type UnavailableReading,
  type Unit,
} from "@lem/domain";
import type { DomainEnergy } from "../energy/sampler.ts";
import type { MeasuredWindow } from "../measurement.ts";
import { windowTotals } from "./totals.ts";

type EnergyTag =
  | "total_j"
  | "joules_per_output_token"
  | "joules_per_total_token"
  | "joules_per_request"
  | "output_tokens_per_joule"
  | "mean_power";
/** The energy section: one reading a metric, and with several domains `total_j.<domain>` for each. */
export type EnergyReadings = Readonly<Record<EnergyTag, Reading>> & Readonly<Record<string, Reading>>;

/** Computes the energy section from the windows: ratios of their sums, with the interval between the windows. */
export function energyReadings(windows: readonly MeasuredWindow[]): EnergyReadings {
  const byDomain = domainTotals(windows);
  if (!(byDomain instanceof Map)) return missingEnergy(byDomain);
  const whole = figuresOf(byDomain, windows);
  const single = windows.map((window) => {
    const own = domainTotals([window]);
    return own instanceof Map ? figuresOf(own, [window]) : missingEnergy(own);
  });
  const ratios = RATIOS.map(
    (tag) =>
      [
        tag,
        withInterval(
          whole[tag],
          single.map((figures) => figures[tag]),
        ),
      ] as const,
  );
  const parts =
    byDomain.size > 1 ? [...byDomain].map(([domain, energy]) => [`total_j.${domain}`, energy] as const) : [];
  return { ...whole, ...Object.fromEntries(ratios), ...Object.fromEntries(parts) };
}

const RATIOS = [
  "joules_per_output_token",
  "joules_per_total_token",
  "joules_per_request",
  "output_tokens_per_joule",
  "mean_power",
] as const satisfies readonly EnergyTag[];

function figuresOf(
  byDomain: ReadonlyMap<string, Reading>,
  windows: readonly MeasuredWindow[],
): Readonly<Record<EnergyTag, Reading>> {
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

/** Adds how far the windows differ from one another. */
function withInterval(whole: Reading, windows: readonly Reading[]): Reading {
  if (!isAvailable(whole)) return whole;
  const interval = meanInterval(windows.filter(isAvailable).map((reading) => reading.value));
  return { ...whole, n: windows.length, ...(interval === undefined ? {} : { interval }) };
}

/** The same reason for every energy metric. */
export const missingEnergy = (reading: UnavailableReading): EnergyReadings => ({
  total_j: reading,
  joules_per_output_token: reading,
  joules_per_total_token: reading,
  joules_per_request: reading,
  output_tokens_per_joule: reading,
  mean_power: reading,
});

const sourceOf = (reading: Reading): string => (isAvailable(reading) ? reading.source : "energy");

/** Energy of each domain over all windows, or why there is none at all. */
function domainTotals(windows: readonly MeasuredWindow[]): Map<string, Reading> | UnavailableReading {
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
