import type { JsonValue } from "@lem/domain";
import type { Nvml } from "../nvml/bindings.ts";
import type { NvmlCall } from "../nvml/calls.ts";
import { GPU_TEMPERATURE, MEMORY_CLOCK, SM_CLOCK } from "./nvml-arguments.ts";
import type { EccCounts, GpuProcess, SensorState } from "./sensor-state.ts";

const CORRECTED = 0;
const UNCORRECTED = 1;
const SINCE_DRIVER_LOADED = 0;

/**
 * What the idle power of a GPU depends on. Clocks that were locked cannot be asked for: they show in the clock that the
 * idle GPU runs at.
 */
const SETTINGS: Readonly<Record<string, readonly [NvmlCall, number?]>> = {
  vbios: ["nvmlDeviceGetVbiosVersion"],
  power_limit_mw: ["nvmlDeviceGetEnforcedPowerLimit"],
  application_sm_clock_mhz: ["nvmlDeviceGetApplicationsClock", SM_CLOCK],
  application_memory_clock_mhz: ["nvmlDeviceGetApplicationsClock", MEMORY_CLOCK],
  performance_state: ["nvmlDeviceGetPerformanceState"],
  persistence_mode: ["nvmlDeviceGetPersistenceMode"],
  ecc_mode: ["nvmlDeviceGetEccMode"],
  mig_mode: ["nvmlDeviceGetMigMode"],
};

/** Reads the state of a GPU; listing its processes takes milliseconds and holds up others, so never within a window. */
export function readGpuState(nvml: Nvml, gpu: number): SensorState {
  const ask = (call: NvmlCall, ...args: readonly number[]): JsonValue => {
    const answer = nvml.ask(call, gpu, ...args);
    return answer.ok ? answer.value : null;
  };
  const driver = nvml.ask("nvmlSystemGetDriverVersion");
  const settings = Object.entries(SETTINGS).map(
    ([name, [call, arg]]) => [name, plain(arg === undefined ? ask(call) : ask(call, arg))] as const,
  );
  return {
    t_ns: Number(process.hrtime.bigint()),
    device_id: String(plain(ask("nvmlDeviceGetUUID"))),
    settings: { driver: driver.ok ? plain(driver.value) : null, ...Object.fromEntries(settings) },
    temperature_c: numberOf(ask("nvmlDeviceGetTemperature", GPU_TEMPERATURE)),
    clock_mhz: numberOf(ask("nvmlDeviceGetClockInfo", SM_CLOCK)),
    processes: ask("nvmlDeviceGetComputeRunningProcesses_v3/list") as readonly GpuProcess[] | null,
    ecc: eccOf((kind) => numberOf(ask("nvmlDeviceGetTotalEccErrors", kind, SINCE_DRIVER_LOADED))),
  };
}

function eccOf(count: (kind: number) => number | null): EccCounts | null {
  const [corrected, uncorrected] = [count(CORRECTED), count(UNCORRECTED)];
  return corrected === null || uncorrected === null ? null : { corrected, uncorrected };
}

const numberOf = (value: JsonValue): number | null => (typeof value === "number" ? value : null);

const plain = (value: JsonValue): string | number | null =>
  typeof value === "number" || typeof value === "string" ? value : value === null ? null : JSON.stringify(value);
