import { isAvailable } from "@lem/domain";
import { pointsBetween, pointsOf, type NotedState, type Recording } from "../energy/recording.ts";
import type { Measurement } from "../measurement.ts";
import type { QualityRule } from "./rule.ts";

/** Rules about the machine that energy was measured on: who else used it, its errors, its settings. */
export const MACHINE_RULES: readonly QualityRule[] = [
  {
    code: "quality.shared-gpu",
    meaning: "another program computed on a measured GPU, before, between or after the phases of the run",
    severity: "warn",
    hint: "nvidia-smi shows which; its energy is in every figure of that GPU",
    find: ({ measurement }) => firstOf(measurement, sharedText),
  },
  {
    code: "quality.mig-board",
    meaning: "the engine ran on a MIG instance; energy is that of the whole board, which is never divided by guess",
    severity: "warn",
    hint: "keep the other instances idle while measuring",
    find: ({ measurement }) =>
      firstOf(measurement, ({ sensor: { domain, mig_instances = [] } }) =>
        mig_instances.length === 0 ? undefined : `${domain} is the whole board of ${mig_instances.join(", ")}`,
      ),
  },
  {
    code: "quality.memory-errors",
    meaning: "a GPU counted memory errors that its ECC could not correct",
    severity: "warn",
    hint: "nvidia-smi -q -d ECC,ROW_REMAPPER; a board that goes on counting should be replaced",
    find: ({ measurement }) => firstOf(measurement, errorText),
  },
  {
    code: "quality.settings-changed",
    meaning: "settings of a GPU that its power depends on changed while the run went on",
    severity: "warn",
    hint: "nobody should set power limits, clocks or modes during a run",
    find: ({ measurement }) => firstOf(measurement, (recording) => changedText(recording, measurement?.windows ?? [])),
  },
  {
    code: "quality.power-limited",
    meaning: "a GPU's power limit is another than its default",
    severity: "info",
    hint: "the figures hold for this limit only",
    find: ({ result: { environment }, measurement }) =>
      firstOf(measurement, ({ sensor: { domain } }) => {
        const [now, normal] = ["power_limit_enforced_w", "power_limit_default_w"].map((name) => {
          const fact = environment.facts.gpu[`${domain}_${name}`];
          return fact?.status === "measured" ? Number(fact.value) : Number.NaN;
        });
        return now === undefined || normal === undefined || !(now < normal)
          ? undefined
          : `the power limit of ${domain} is ${now} W, its default is ${normal} W`;
      }),
  },
  {
    code: "quality.reused-baseline",
    meaning: "the idle power of the bare machine was measured by an earlier run",
    severity: "info",
    hint: "measurement.baseline.strategy: fresh measures it in every run that starts its engine",
    find: ({ result: { baseline } }) => {
      const age = baseline["reused_age"];
      if (age === undefined || !isAvailable(age)) return undefined;
      return `the idle power of the bare machine is ${age.value.toFixed(0)} s old`;
    },
  },
];

/** What is to be said of the first recording that has it. */
function firstOf(
  measurement: Measurement | null,
  text: (recording: Recording) => string | undefined,
): string | undefined {
  for (const recording of measurement?.recordings ?? []) {
    const found = text(recording);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Programs of others. Without the engine every program is one. With it they can be told apart only where the driver
 * numbers processes as this system does: in a container it does not, and then nothing is said.
 */
export function foreignProcesses({ processes, engine_pids }: NotedState): number {
  if (processes === null) return 0;
  if (engine_pids.length === 0) return processes.length;
  const foreign = processes.filter(({ pid }) => !engine_pids.includes(pid));
  return foreign.length === processes.length ? 0 : foreign.length;
}

function sharedText({ sensor, states }: Recording): string | undefined {
  const shared = states.find((state) => foreignProcesses(state) > 0);
  return shared && `${foreignProcesses(shared)} other program(s) computed on ${sensor.domain} (${shared.moment})`;
}

function errorText({ sensor, states }: Recording): string | undefined {
  const counts = states.flatMap(({ ecc }) => (ecc === null ? [] : [ecc.uncorrected]));
  const [first, last] = [counts[0] ?? 0, counts.at(-1) ?? 0];
  if (last > first) return `${sensor.domain} counted ${last - first} uncorrectable memory errors during the run`;
  return last > 0
    ? `${sensor.domain} has counted ${last} uncorrectable memory errors since its driver was loaded`
    : undefined;
}

/** Settings that move by themselves with the load. */
const BY_LOAD: ReadonlySet<string> = new Set(["performance_state"]);

function changedText(recording: Recording, windows: Measurement["windows"]): string | undefined {
  const { sensor, states } = recording;
  const [first, ...later] = states;
  for (const state of later) {
    for (const [name, was] of Object.entries(first?.settings ?? {})) {
      const is = state.settings[name] ?? null;
      if (was !== is && !BY_LOAD.has(name))
        return `${name} of ${sensor.domain} was ${was}, and is ${is} (${state.moment})`;
    }
  }
  const limits = windows.flatMap(({ record, end_ns }) => [
    ...pointsBetween(pointsOf(recording, "power_limit"), record.origin_ns, end_ns).value,
  ]);
  const [low, high] = [Math.min(...limits), Math.max(...limits)];
  return low < high
    ? `the power limit of ${sensor.domain} moved between ${low} and ${high} W within the windows`
    : undefined;
}
