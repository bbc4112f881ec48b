import { fact, measured, type ExperimentResult } from "@lem/domain";
import type { NotedState, Recording, SensorDescription } from "../../src/energy/recording.ts";
import type { Measurement } from "../../src/measurement.ts";

/** A state of a GPU that is all right; every field can be set. */
export const stateOf = (changes: Partial<NotedState> = {}): NotedState => ({
  t_ns: 0,
  device_id: "GPU-1",
  settings: { driver: "1", power_limit_mw: 700_000, performance_state: 0 },
  temperature_c: 40,
  clock_mhz: 345,
  processes: [],
  ecc: { corrected: 0, uncorrected: 0 },
  moment: "bare-before",
  engine_pids: [],
  ...changes,
});

/** A GPU's sensor in the given states, without any samples. */
export const gpuIn = (states: readonly NotedState[], sensor: Partial<SensorDescription> = {}): Recording => ({
  sensor: { domain: "gpu0", device: "board", source: "ring", relative_gain_error: 0.05, ...sensor },
  streams: new Map(),
  faults: [],
  lost: null,
  sources: [],
  states,
});

interface MachineCase {
  readonly measurement?: Measurement;
  readonly draft?: Partial<Omit<ExperimentResult, "quality">>;
}

const process = (pid: number): { readonly pid: number; readonly memory_b: null } => ({ pid, memory_b: null });

/** What makes each rule about the machine speak. */
export function machineCases(
  sound: Measurement,
  facts: ExperimentResult["environment"]["facts"],
): Readonly<Record<string, readonly MachineCase[]>> {
  const on = (...recordings: readonly Recording[]): { readonly measurement: Measurement } => ({
    measurement: { ...sound, recordings },
  });
  const errors = (uncorrected: number): NotedState => stateOf({ ecc: { corrected: 0, uncorrected } });
  const limits = { gpu0_power_limit_enforced_w: fact(400, "t"), gpu0_power_limit_default_w: fact(700, "t") };
  const moving: Recording = {
    ...gpuIn([]),
    streams: new Map([["power_limit", { t_ns: Float64Array.of(2e9, 3e9), value: Float64Array.of(700, 400) }]]),
  };
  return {
    "quality.shared-gpu": [
      on(gpuIn([stateOf({ processes: [process(7)] })])),
      on(gpuIn([stateOf({ moment: "loaded-after", engine_pids: [3, 4], processes: [process(4), process(7)] })])),
    ],
    "quality.mig-board": [on(gpuIn([], { mig_instances: ["MIG-1"] }))],
    "quality.memory-errors": [on(gpuIn([errors(0), errors(2)])), on(gpuIn([errors(1), errors(1)]))],
    "quality.settings-changed": [
      on(gpuIn([stateOf(), stateOf({ settings: { ...stateOf().settings, power_limit_mw: 400_000 } })])),
      on(moving),
    ],
    "quality.power-limited": [
      { ...on(gpuIn([])), draft: { environment: { taken_at: "", facts: { ...facts, gpu: limits } } } },
    ],
    "quality.reused-baseline": [
      { draft: { baseline: { reused_age: measured({ value: 60, unit: "s", source: "t" }) } } },
    ],
  };
}
