import { fact, missingFact, type Fact, type JsonValue } from "@lem/domain";
import { missingFromCode } from "./answer.ts";
import type { Nvml, NvmlDevice } from "./bindings.ts";
import type { NvmlCall } from "./calls.ts";

/** One fact of a GPU: the question that answers it and how its raw answer becomes a value with a unit. */
interface DeviceFact {
  readonly name: string;
  readonly call: NvmlCall;
  readonly args?: readonly number[];
  readonly unit?: string;
  /** Turns the raw answer into the fact's value; undefined when the answer says that there is none. */
  readonly value?: (raw: JsonValue) => JsonValue | undefined;
  /** Asked instead when the driver lacks `call`. */
  readonly olderCall?: NvmlCall;
}

const FUNCTION_NOT_FOUND = 13;

const watts = (milliwatts: JsonValue): JsonValue => Number(milliwatts) / 1000;
const onOff = (raw: JsonValue): string => (raw === 1 ? "enabled" : "disabled");
const item =
  (index: number) =>
  (raw: JsonValue): JsonValue | undefined =>
    (raw as readonly JsonValue[])[index];
const member =
  (name: string) =>
  (raw: JsonValue): JsonValue | undefined =>
    (raw as Record<string, JsonValue>)[name];
const oneOf =
  (names: Readonly<Record<number, string>>) =>
  (raw: JsonValue): JsonValue =>
    names[Number(raw)] ?? `number ${Number(raw)}`;
const modes = (raw: JsonValue): JsonValue | undefined => {
  const [current, pending] = (raw as readonly JsonValue[]).map(onOff);
  return current === pending ? current : `${current}, ${pending} after a reset`;
};

const ARCHITECTURES = {
  2: "kepler",
  3: "maxwell",
  4: "pascal",
  5: "volta",
  6: "turing",
  7: "ampere",
  8: "ada",
  9: "hopper",
  10: "blackwell",
};
const COMPUTE_MODES = { 0: "default", 1: "exclusive-thread", 2: "prohibited", 3: "exclusive-process" };

/** Bits of nvmlClocksEventReasons: why the clocks are where they are. */
const CLOCK_REASONS: readonly (readonly [bit: number, name: string])[] = [
  [0x1, "gpu-idle"],
  [0x2, "application-clocks-setting"],
  [0x4, "software-power-cap"],
  [0x8, "hardware-slowdown"],
  [0x10, "sync-boost"],
  [0x20, "software-thermal-slowdown"],
  [0x40, "hardware-thermal-slowdown"],
  [0x80, "hardware-power-brake"],
  [0x100, "display-clock-setting"],
];
const clockReasons = (raw: JsonValue): JsonValue =>
  CLOCK_REASONS.filter(([bit]) => (Number(raw) & bit) !== 0).map(([, name]) => name);

const GRAPHICS = 0;
const SM = 1;
const MEMORY = 2;
const FIELD_MEMORY_TEMPERATURE = 82;

const MEMORY_INFO = { call: "nvmlDeviceGetMemoryInfo_v2", olderCall: "nvmlDeviceGetMemoryInfo" } as const;

const DEVICE_FACTS: readonly DeviceFact[] = [
  { name: "name", call: "nvmlDeviceGetName" },
  { name: "uuid", call: "nvmlDeviceGetUUID" },
  { name: "pci_bus_id", call: "nvmlDeviceGetPciInfo_v3" },
  { name: "architecture", call: "nvmlDeviceGetArchitecture", value: oneOf(ARCHITECTURES) },
  {
    name: "compute_capability",
    call: "nvmlDeviceGetCudaComputeCapability",
    value: (raw) => (raw as readonly number[]).join("."),
  },
  { name: "cuda_cores", call: "nvmlDeviceGetNumGpuCores" },
  { name: "vbios_version", call: "nvmlDeviceGetVbiosVersion" },
  { name: "numa_node", call: "nvmlDeviceGetNumaNodeId" },
  { name: "memory_total_b", ...MEMORY_INFO, value: member("total"), unit: "B" },
  { name: "memory_used_b", ...MEMORY_INFO, value: member("used"), unit: "B" },
  { name: "power_now_w", call: "nvmlDeviceGetPowerUsage", value: watts, unit: "W" },
  { name: "power_limit_w", call: "nvmlDeviceGetPowerManagementLimit", value: watts, unit: "W" },
  { name: "power_limit_enforced_w", call: "nvmlDeviceGetEnforcedPowerLimit", value: watts, unit: "W" },
  { name: "power_limit_default_w", call: "nvmlDeviceGetPowerManagementDefaultLimit", value: watts, unit: "W" },
  {
    name: "power_limit_min_w",
    call: "nvmlDeviceGetPowerManagementLimitConstraints",
    value: (raw) => watts(item(0)(raw) ?? null),
    unit: "W",
  },
  {
    name: "power_limit_max_w",
    call: "nvmlDeviceGetPowerManagementLimitConstraints",
    value: (raw) => watts(item(1)(raw) ?? null),
    unit: "W",
  },
  { name: "clock_graphics_now_mhz", call: "nvmlDeviceGetClockInfo", args: [GRAPHICS], unit: "MHz" },
  { name: "clock_sm_now_mhz", call: "nvmlDeviceGetClockInfo", args: [SM], unit: "MHz" },
  { name: "clock_memory_now_mhz", call: "nvmlDeviceGetClockInfo", args: [MEMORY], unit: "MHz" },
  { name: "clock_graphics_max_mhz", call: "nvmlDeviceGetMaxClockInfo", args: [GRAPHICS], unit: "MHz" },
  { name: "clock_sm_max_mhz", call: "nvmlDeviceGetMaxClockInfo", args: [SM], unit: "MHz" },
  { name: "clock_memory_max_mhz", call: "nvmlDeviceGetMaxClockInfo", args: [MEMORY], unit: "MHz" },
  { name: "clock_sm_application_mhz", call: "nvmlDeviceGetApplicationsClock", args: [SM], unit: "MHz" },
  { name: "clock_memory_application_mhz", call: "nvmlDeviceGetApplicationsClock", args: [MEMORY], unit: "MHz" },
  {
    name: "clock_limit_reasons",
    call: "nvmlDeviceGetCurrentClocksEventReasons",
    olderCall: "nvmlDeviceGetCurrentClocksThrottleReasons",
    value: clockReasons,
  },
  { name: "performance_state", call: "nvmlDeviceGetPerformanceState", value: (raw) => `P${Number(raw)}` },
  { name: "utilisation_percent", call: "nvmlDeviceGetUtilizationRates", unit: "%" },
  { name: "compute_processes", call: "nvmlDeviceGetComputeRunningProcesses_v3" },
  { name: "persistence_mode", call: "nvmlDeviceGetPersistenceMode", value: onOff },
  { name: "compute_mode", call: "nvmlDeviceGetComputeMode", value: oneOf(COMPUTE_MODES) },
  { name: "mig_mode", call: "nvmlDeviceGetMigMode", value: modes },
  { name: "ecc_mode", call: "nvmlDeviceGetEccMode", value: modes },
  // Since the driver was loaded, and in the life of the board.
  { name: "ecc_corrected_errors", call: "nvmlDeviceGetTotalEccErrors", args: [0, 0] },
  { name: "ecc_uncorrected_errors", call: "nvmlDeviceGetTotalEccErrors", args: [1, 0] },
  { name: "ecc_corrected_errors_lifetime", call: "nvmlDeviceGetTotalEccErrors", args: [0, 1] },
  { name: "ecc_uncorrected_errors_lifetime", call: "nvmlDeviceGetTotalEccErrors", args: [1, 1] },
  { name: "temperature_c", call: "nvmlDeviceGetTemperature", args: [0], unit: "°C" },
  { name: "temperature_memory_c", call: "nvmlDeviceGetFieldValues", args: [FIELD_MEMORY_TEMPERATURE], unit: "°C" },
  { name: "temperature_shutdown_c", call: "nvmlDeviceGetTemperatureThreshold", args: [0], unit: "°C" },
  { name: "temperature_slowdown_c", call: "nvmlDeviceGetTemperatureThreshold", args: [1], unit: "°C" },
  { name: "pcie_generation_now", call: "nvmlDeviceGetCurrPcieLinkGeneration" },
  { name: "pcie_generation_max", call: "nvmlDeviceGetMaxPcieLinkGeneration" },
  { name: "pcie_width_now", call: "nvmlDeviceGetCurrPcieLinkWidth" },
  { name: "pcie_width_max", call: "nvmlDeviceGetMaxPcieLinkWidth" },
];

/** Names of the facts that lem knows of each GPU, without their `gpu<n>_` prefix. */
export const DEVICE_FACT_NAMES: readonly string[] = [
  ...DEVICE_FACTS.map((each) => each.name),
  "nvlink_links_active",
  "mig_instances",
];

/** Asks NVML one question and makes a fact of the answer; `source` is the call's name. */
export function askFact(nvml: Nvml, device: NvmlDevice, wanted: Omit<DeviceFact, "name">): Fact {
  const ask = (call: NvmlCall): ReturnType<Nvml["ask"]> => nvml.ask(call, device, ...(wanted.args ?? []));
  const first = ask(wanted.call);
  const useOlder = !first.ok && first.code === FUNCTION_NOT_FOUND && wanted.olderCall !== undefined;
  const answer = useOlder ? ask(wanted.olderCall) : first;
  const call = useOlder ? wanted.olderCall : wanted.call;
  if (!answer.ok) {
    const { reason, detail } = missingFromCode(answer.code, call);
    return missingFact(reason, detail);
  }
  const value = wanted.value === undefined ? answer.value : wanted.value(answer.value);
  return value === undefined ? missingFact("read-failed", `${call}: no such part`) : fact(value, call, wanted.unit);
}

/** Every fact of one GPU, named as in {@link DEVICE_FACT_NAMES}; about 60 calls of microseconds to milliseconds. */
export function deviceFacts(nvml: Nvml, device: number): Readonly<Record<string, Fact>> {
  const plain = DEVICE_FACTS.map(({ name, ...wanted }) => [name, askFact(nvml, device, wanted)] as const);
  return {
    ...Object.fromEntries(plain),
    nvlink_links_active: nvlinkFact(nvml, device),
    mig_instances: migFact(nvml, device),
  };
}

/** NVML_NVLINK_MAX_LINKS. */
const MAX_LINKS = 18;

function nvlinkFact(nvml: Nvml, device: number): Fact {
  const first = nvml.ask("nvmlDeviceGetNvLinkState", device, 0);
  if (!first.ok) {
    const { reason, detail } = missingFromCode(first.code, "nvmlDeviceGetNvLinkState");
    return missingFact(reason, detail);
  }
  const links = Array.from({ length: MAX_LINKS }, (_, link) => nvml.ask("nvmlDeviceGetNvLinkState", device, link));
  return fact(links.filter((answer) => answer.ok && answer.value === 1).length, "nvmlDeviceGetNvLinkState");
}

function migFact(nvml: Nvml, device: number): Fact {
  const mode = askFact(nvml, device, { call: "nvmlDeviceGetMigMode", value: item(0) });
  if (mode.status === "unavailable") return mode;
  if (mode.value !== 1) return missingFact("switched-off", "MIG is disabled on this GPU");
  const count = nvml.ask("nvmlDeviceGetMaxMigDeviceCount", device);
  const places = Array.from(
    { length: count.ok ? Number(count.value) : 0 },
    (_, place) => `${device}:${place}` as const,
  );
  const present = places.filter((mig) => nvml.ask("nvmlDeviceGetGpuInstanceId", mig).ok);
  return fact(
    present.map((mig) => ({ ...migInstance(nvml, mig), parent: askValue(nvml, "nvmlDeviceGetUUID", device) })),
    "nvmlDeviceGetMigDeviceHandleByIndex",
  );
}

const askValue = (nvml: Nvml, call: NvmlCall, device: NvmlDevice): JsonValue => {
  const answer = nvml.ask(call, device);
  return answer.ok ? answer.value : null;
};

/** An instance; only its board has a power sensor. */
function migInstance(nvml: Nvml, mig: NvmlDevice): Readonly<Record<string, JsonValue>> {
  const say = (call: NvmlCall): JsonValue => askValue(nvml, call, mig);
  return {
    name: say("nvmlDeviceGetName"),
    uuid: say("nvmlDeviceGetUUID"),
    gpu_instance: say("nvmlDeviceGetGpuInstanceId"),
    compute_instance: say("nvmlDeviceGetComputeInstanceId"),
    memory_total_b: member("total")(say("nvmlDeviceGetMemoryInfo_v2") ?? {}) ?? null,
  };
}
