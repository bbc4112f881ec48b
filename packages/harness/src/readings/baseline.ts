import { isAvailable, measured, unavailable, type Reading } from "@lem/domain";
import { idlePower, type Baseline, type IdleReuse, type IdleState } from "../energy/baseline.ts";
import { BASELINE_KINDS, type BaselineKind } from "../energy/idle-span.ts";
import type { MeasuredWindow } from "../measurement.ts";

type Readings = Readonly<Record<string, Reading>>;
type Entry = readonly [name: string, reading: Reading];

const NO_BASELINE = unavailable(
  "no-sensor",
  "the power of the idle machine was not measured: no live sensor, or measurement.baseline.seconds is 0",
);

/** What a baseline section is computed from. */
export interface BaselineEvidence {
  readonly baselines: readonly Baseline[];
  readonly reuse: IdleReuse;
  readonly windows: readonly Pick<MeasuredWindow, "record" | "energy">[];
}

/** What the machine draws bare, with the model loaded, and at work; by domain where there are several. */
export function baselineReadings({ baselines, reuse, windows }: BaselineEvidence): Readings {
  if (baselines.length === 0) return { idle_power: NO_BASELINE, ...reuseReading(reuse) };
  const domains = [...new Set(baselines.flatMap(({ energy }) => energy.map(({ domain }) => domain)))];
  const named = (name: string, domain: string): string => (domains.length === 1 ? name : `${name}.${domain}`);
  const of = (state: IdleState): readonly Entry[] =>
    domains.map((domain) => [named(`idle_${state}_power`, domain), idlePower(baselines, state, domain)]);
  const active = domains.map((domain): Entry => [named("active_power", domain), activePower(windows, domain)]);
  const single = BASELINE_KINDS.flatMap((kind) => stretchReadings(baselines, kind));
  return {
    idle_power: sumOfPowers(domains.map((domain) => idlePower(baselines, "bare", domain))),
    ...Object.fromEntries([...of("bare"), ...of("loaded"), ...active, ...single]),
    ...reuseReading(reuse),
  };
}

/** The mean power of one domain over the windows. */
function activePower(windows: BaselineEvidence["windows"], domain: string): Reading {
  let [energy_j, seconds] = [0, 0];
  for (const { energy, record } of windows) {
    const own = "status" in energy ? energy : energy.find((part) => part.domain === domain);
    if (own === undefined) continue;
    if (own.status === "unavailable") return unavailable(own.reason, own.detail);
    energy_j += own.energy_j;
    seconds += record.length_s;
  }
  if (seconds === 0) return unavailable("not-completed", "no window was completed");
  return measured({ value: energy_j / seconds, unit: "W", source: "mean over the windows", n: windows.length });
}

/** How old an earlier run's figure is, or why none was taken; nothing where none was asked for. */
function reuseReading(reuse: IdleReuse): Readings {
  if (reuse === null) return {};
  if (reuse.status === "refused")
    return { reused_age: unavailable("not-applicable", `no earlier figure was taken: ${reuse.why}`) };
  const source = `idle power of the bare machine, measured at ${reuse.measured_at}`;
  return { reused_age: measured({ value: reuse.age_s, unit: "s", source }) };
}

/** The idle power of all domains together; missing as soon as one is. */
function sumOfPowers(powers: readonly Reading[]): Reading {
  const missing = powers.find((power) => !isAvailable(power));
  if (missing !== undefined) return missing;
  const parts = powers.filter(isAvailable);
  if (parts.length === 0) return unavailable("switched-off", "no idle power was measured");
  const value = parts.reduce((sum, part) => sum + part.value, 0);
  return measured({ value, unit: "W", source: `${parts.length} domains, ${parts[0]?.source ?? ""}` });
}

/** Each stretch of idleness for itself: the drift between before and after can be seen. */
function stretchReadings(baselines: readonly Baseline[], kind: BaselineKind): readonly Entry[] {
  return baselines
    .filter((baseline) => baseline.kind === kind)
    .flatMap(({ energy, from_ns, to_ns }) =>
      energy.map((part): Entry => {
        const name = `${kind.replace("-", "_")}${energy.length === 1 ? "" : `.${part.domain}`}`;
        if (part.status === "unavailable") return [name, unavailable(part.reason, part.detail)];
        const seconds = (to_ns - from_ns) / 1e9;
        const value = part.energy_j / seconds;
        return [name, measured({ value, unit: "W", source: `${part.source}, ${seconds.toFixed(1)} s` })];
      }),
    );
}
