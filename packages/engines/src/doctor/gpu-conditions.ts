import type { Fact } from "@lem/domain";
import type { Nvml } from "../host/nvml/bindings.ts";
import { deviceFacts } from "../host/nvml/device.ts";
import { numberOf, textOf, valueOf } from "./fact-values.ts";
import { warnCheck, type DoctorCheck, type Trouble } from "./report.ts";

/** A state of a GPU that makes energy figures worse; undefined when it does not hold. */
type Condition = (
  facts: Readonly<Record<string, Fact>>,
  gpu: number,
) => (Trouble & { readonly name: string }) | undefined;

const THROTTLED = new Set([
  "software-thermal-slowdown",
  "hardware-thermal-slowdown",
  "hardware-power-brake",
  "hardware-slowdown",
]);

const CONDITIONS: readonly Condition[] = [
  (facts, gpu) =>
    valueOf(facts["persistence_mode"]) === "disabled"
      ? {
          name: "persistence",
          found: "persistence mode off",
          why: "the driver unloads between programs: the first seconds of a run differ, and its counter starts anew",
          todo: `sudo nvidia-smi -i ${gpu} -pm 1`,
        }
      : undefined,
  (facts) =>
    textOf(facts["mig_mode"])?.startsWith("enabled") === true
      ? {
          name: "mig",
          found: "MIG on",
          why: "the sensors measure the whole board, not one instance",
          todo: "keep the other instances idle while measuring",
        }
      : undefined,
  (facts, gpu) => {
    const processes = numberOf(facts["compute_processes"]) ?? 0;
    return processes === 0
      ? undefined
      : {
          name: "shared",
          found: `${processes} process(es) compute on it now`,
          why: "their energy is in every figure of this GPU",
          todo: `nvidia-smi -i ${gpu} shows which; end them, or choose another GPU`,
        };
  },
  (facts) => {
    const reasons = valueOf(facts["clock_limit_reasons"]);
    const slowed = Array.isArray(reasons) ? reasons.filter((reason) => THROTTLED.has(String(reason))) : [];
    return slowed.length === 0
      ? undefined
      : {
          name: "throttled",
          found: `clocks held down: ${slowed.join(", ")}`,
          why: "the GPU runs below its normal speed",
          todo: "check its cooling and power supply",
        };
  },
  (facts) => {
    const [now, normal] = [numberOf(facts["power_limit_w"]), numberOf(facts["power_limit_default_w"])];
    return now === undefined || normal === undefined || now >= normal
      ? undefined
      : {
          name: "power-limit",
          found: `power limit ${now} W, its default is ${normal} W`,
          why: "figures hold for this limit only",
          todo: null,
        };
  },
];

/** The conditions of a GPU that a person should know of before measuring on it; none when all is well. */
export function gpuConditionChecks(nvml: Nvml, gpu: number): readonly DoctorCheck[] {
  const facts = deviceFacts(nvml, gpu);
  return CONDITIONS.map((condition) => condition(facts, gpu))
    .filter((found) => found !== undefined)
    .map(({ name, ...trouble }) => warnCheck(`energy.gpu${gpu}.${name}`, `GPU ${gpu}`, trouble));
}
