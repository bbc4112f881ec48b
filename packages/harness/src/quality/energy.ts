import { isAvailable } from "@lem/domain";
import { idleDrift, type IdleState } from "../energy/baseline.ts";
import { contradicts } from "../energy/instant-voice.ts";
import type { Measurement } from "../measurement.ts";
import type { QualityRule } from "./rule.ts";

/** Share of the readings in a window above which a throttled GPU is told. */
const THROTTLED_SHARE = 0.05;

/** Rules about energy and the state of the machine that it was measured in. */
export const ENERGY_RULES: readonly QualityRule[] = [
  {
    code: "quality.energy-rejected",
    meaning: "the energy of a window was rejected, with the code of the reason; its figures are unavailable",
    severity: "warn",
    hint: "docs/methodology.md lists the codes",
    find: ({ measurement }) => {
      const rejected = rejectedOf(measurement);
      if (rejected.length === 0) return undefined;
      return `the energy of ${rejected.length} windows was rejected: ${[...new Set(rejected)].join(", ")}`;
    },
  },
  {
    code: "quality.idle-drift",
    meaning: "the idle power changed by more than 2 % and 2 W from before to after the work",
    severity: "warn",
    hint: "let the machine come to rest, or end other programs; energy above idle is doubtful",
    find: ({ measurement }) => driftText(measurement),
  },
  {
    code: "quality.thermal-not-reached",
    meaning: "temperature and power were not flat when the thermal gate's limit was reached",
    severity: "warn",
    hint: "raise measurement.thermal.limit_s",
    find: ({ measurement }) =>
      measurement?.settling?.status === "not-reached"
        ? `temperature or power still moved after ${measurement.settling.seconds.toFixed(0)} s of work`
        : undefined,
  },
  {
    code: "quality.no-steady-state",
    meaning: "a window of 30 s or more has no steady state in its output, its requests and its power (MSER-5, CUSUM)",
    severity: "warn",
    hint: "warm up for longer, or give more and equal work",
    find: ({ measurement }) => unsteadyText(measurement),
  },
  {
    code: "quality.instant-differs",
    meaning:
      "the instantaneous power field contradicts the power samples, as under loads that come and go with its own period",
    severity: "info",
    find: ({ measurement }) => instantText(measurement),
  },
  {
    code: "quality.throttled",
    meaning: "a GPU ran below its clocks for a reason other than its power limit: heat, a hardware slowdown, a brake",
    severity: "warn",
    hint: "check the cooling; figures of a throttled GPU do not compare with others",
    find: ({ result: { thermal } }) => throttleText(thermal, SLOWDOWNS),
  },
  {
    code: "quality.power-capped",
    meaning: "a GPU was held at its power limit",
    severity: "info",
    find: ({ result: { thermal } }) => throttleText(thermal, ["power_cap"]),
  },
];

const SLOWDOWNS = ["hardware_slowdown", "thermal_slowdown", "power_brake"] as const;

function rejectedOf(measurement: Measurement | null): readonly string[] {
  return (measurement?.windows ?? []).flatMap(({ energy }) =>
    "status" in energy
      ? []
      : energy.flatMap((part) => (part.status === "unavailable" ? [part.code ?? part.reason] : [])),
  );
}

/** Windows from this length on are meant to be steady; shorter ones are jobs with a beginning and an end. */
const STEADY_FROM_S = 30;

function unsteadyText(measurement: Measurement | null): string | undefined {
  for (const { record } of measurement?.windows ?? []) {
    if (record.length_s < STEADY_FROM_S || record.steady?.status !== "not-reached") continue;
    return `window ${record.window} has no steady state: ${record.steady.detail} (${record.steady.reason})`;
  }
  return undefined;
}

function instantText(measurement: Measurement | null): string | undefined {
  for (const { record, energy } of measurement?.windows ?? []) {
    for (const part of "status" in energy ? [] : energy) {
      if (part.status !== "measured" || part.instant === undefined || !contradicts(part.instant)) continue;
      return `the instantaneous power of ${part.domain} is ${part.instant.ratio.toFixed(2)} times the power samples in window ${record.window}; figures are of the samples`;
    }
  }
  return undefined;
}

function driftText(measurement: Measurement | null): string | undefined {
  const baselines = measurement?.baselines ?? [];
  const domains = new Set(baselines.flatMap(({ energy }) => energy.map(({ domain }) => domain)));
  for (const domain of domains) {
    for (const state of ["bare", "loaded"] as const satisfies readonly IdleState[]) {
      const drift = idleDrift(baselines, state, domain);
      if (drift?.drifted === true)
        return `the idle power of ${domain} (${state}) changed by ${drift.watts.toFixed(1)} W while the work ran`;
    }
  }
  return undefined;
}

function throttleText(
  thermal: Readonly<Record<string, Parameters<typeof isAvailable>[0]>>,
  reasons: readonly string[],
): string | undefined {
  for (const [name, reading] of Object.entries(thermal)) {
    const reason = reasons.find((each) => name.startsWith(`${each}_share`));
    if (reason === undefined || !isAvailable(reading) || reading.value <= THROTTLED_SHARE) continue;
    return `${reason.replaceAll("_", " ")} in ${(100 * reading.value).toFixed(0)} % of the readings`;
  }
  return undefined;
}
