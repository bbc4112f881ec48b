import type { JsonValue } from "@lem/domain";
import type { NvmlAnswer } from "./answer.ts";

/**
 * One C parameter of an NVML call: `device` takes a GPU, `u32` and `u64` the next plain argument, `size` the length of
 * the output area, `one`, `zero64` and `null` constants, and a number is a pointer that far into the output area.
 */
export type Parameter = "device" | "u32" | "u64" | "size" | "one" | "zero64" | "null" | number;

/** How to make one NVML call and read its output area. */
export interface CallShape {
  readonly parameters: readonly Parameter[];
  /** The C function, where two forms of one call are made; the call's own name when left out. */
  readonly symbol?: string;
  /** Size of the output area in bytes. */
  readonly bytes: number;
  readonly read: (out: Buffer, code: number) => NvmlAnswer;
  /** Writes the input part of the output area, for calls that have one. */
  readonly prepare?: (out: Buffer, args: readonly number[]) => void;
}

const INSUFFICIENT_SIZE = 7;
const NOT_FOUND = 6;
const INVALID_ARGUMENT = 2;

/** Samples that the driver keeps of one quantity: its rings hold 119 or 120. */
const RING_CAPACITY = 120;
/** `nvmlSample_t`: a time stamp, then a union of 8 bytes. */
const SAMPLE_BYTES = 16;
/** Where samples begin in the output area, behind their type and count. */
const SAMPLES_AT = 8;

/** Programs on one GPU that there is room for. */
const PROCESS_CAPACITY = 128;
/** `nvmlProcessInfo_t`. */
const PROCESS_BYTES = 24;
/** Where they begin in the output area, behind their count. */
const PROCESSES_AT = 8;
/** `NVML_VALUE_NOT_AVAILABLE`. */
const NOT_TOLD = 2n ** 64n - 1n;

/** The calls of {@link NVML_CALLS}, by their names in nvml.h; a second form of a call has a word behind a slash. */
export type NvmlCall =
  | "nvmlSystemGetDriverVersion"
  | "nvmlSystemGetNVMLVersion"
  | "nvmlSystemGetCudaDriverVersion_v2"
  | "nvmlDeviceGetCount_v2"
  | "nvmlDeviceGetName"
  | "nvmlDeviceGetUUID"
  | "nvmlDeviceGetVbiosVersion"
  | "nvmlDeviceGetPciInfo_v3"
  | "nvmlDeviceGetArchitecture"
  | "nvmlDeviceGetCudaComputeCapability"
  | "nvmlDeviceGetNumGpuCores"
  | "nvmlDeviceGetNumaNodeId"
  | "nvmlDeviceGetMemoryInfo_v2"
  | "nvmlDeviceGetMemoryInfo"
  | "nvmlDeviceGetPowerUsage"
  | "nvmlDeviceGetPowerManagementLimit"
  | "nvmlDeviceGetPowerManagementDefaultLimit"
  | "nvmlDeviceGetPowerManagementLimitConstraints"
  | "nvmlDeviceGetEnforcedPowerLimit"
  | "nvmlDeviceGetTotalEnergyConsumption"
  | "nvmlDeviceGetClockInfo"
  | "nvmlDeviceGetMaxClockInfo"
  | "nvmlDeviceGetApplicationsClock"
  | "nvmlDeviceGetPersistenceMode"
  | "nvmlDeviceGetComputeMode"
  | "nvmlDeviceGetMigMode"
  | "nvmlDeviceGetMaxMigDeviceCount"
  | "nvmlDeviceGetGpuInstanceId"
  | "nvmlDeviceGetComputeInstanceId"
  | "nvmlDeviceGetEccMode"
  | "nvmlDeviceGetTotalEccErrors"
  | "nvmlDeviceGetTemperature"
  | "nvmlDeviceGetTemperatureThreshold"
  | "nvmlDeviceGetCurrentClocksEventReasons"
  | "nvmlDeviceGetCurrentClocksThrottleReasons"
  | "nvmlDeviceGetPerformanceState"
  | "nvmlDeviceGetUtilizationRates"
  | "nvmlDeviceGetCurrPcieLinkGeneration"
  | "nvmlDeviceGetMaxPcieLinkGeneration"
  | "nvmlDeviceGetCurrPcieLinkWidth"
  | "nvmlDeviceGetMaxPcieLinkWidth"
  | "nvmlDeviceGetNvLinkState"
  | "nvmlDeviceGetTopologyCommonAncestor"
  | "nvmlDeviceGetP2PStatus"
  | "nvmlDeviceGetComputeRunningProcesses_v3"
  | "nvmlDeviceGetComputeRunningProcesses_v3/list"
  | "nvmlDeviceGetSamples"
  | "nvmlDeviceGetSamples/since"
  | "nvmlDeviceGetFieldValues"
  | "nvmlGpmQueryDeviceSupport";

type Decode = (out: Buffer) => JsonValue;

const onSuccess =
  (decode: Decode) =>
  (out: Buffer, code: number): NvmlAnswer =>
    code === 0 ? { ok: true, value: decode(out) } : { ok: false, code };

const shape = (parameters: readonly Parameter[], bytes: number, decode: Decode): CallShape => ({
  parameters,
  bytes,
  read: onSuccess(decode),
});

const textUntilNul = (out: Buffer, from = 0): string => {
  const end = out.indexOf(0, from);
  return out.toString("utf8", from, end === -1 ? out.length : end);
};
const u32 = (out: Buffer): number => out.readUInt32LE(0);
const i32 = (out: Buffer): number => out.readInt32LE(0);
const u32Pair = (out: Buffer): JsonValue => [out.readUInt32LE(0), out.readUInt32LE(4)];
const u64 = (out: Buffer): number => Number(out.readBigUInt64LE(0));

const systemText = (bytes: number): CallShape => shape([0, "size"], bytes, (out) => textUntilNul(out));
const deviceText = (bytes: number): CallShape => shape(["device", 0, "size"], bytes, (out) => textUntilNul(out));
const deviceU32 = shape(["device", 0], 4, u32);
const deviceU32Of = shape(["device", "u32", 0], 4, u32);
const devicePair = shape(["device", 0, 4], 8, u32Pair);
const deviceU64 = shape(["device", 0], 8, u64);
const devicesI32 = shape(["device", "device", 0], 4, i32);

const readFieldValue = (out: Buffer, code: number): NvmlAnswer => {
  const inner = code === 0 ? out.readInt32LE(28) : code;
  return inner === 0 ? { ok: true, value: out.readUInt32LE(32) } : { ok: false, code: inner };
};

/** nvmlValueType_t: how the union of a sample is read. */
const VALUE_TYPES: Readonly<Record<number, (out: Buffer, at: number) => number>> = {
  0: (out, at) => out.readDoubleLE(at),
  1: (out, at) => out.readUInt32LE(at),
  2: (out, at) => Number(out.readBigUInt64LE(at)),
  3: (out, at) => Number(out.readBigUInt64LE(at)),
  4: (out, at) => Number(out.readBigInt64LE(at)),
  5: (out, at) => out.readInt32LE(at),
};

/** Pairs of a time stamp in microseconds of the wall clock and a value; none newer is no failure. */
function readSamples(out: Buffer, code: number): NvmlAnswer {
  if (code === NOT_FOUND) return { ok: true, value: [] };
  if (code !== 0) return { ok: false, code };
  const valueAt = VALUE_TYPES[out.readInt32LE(0)];
  if (valueAt === undefined) return { ok: false, code: INVALID_ARGUMENT };
  const count = Math.min(out.readUInt32LE(4), RING_CAPACITY);
  const value = Array.from({ length: count }, (_, index): JsonValue => {
    const at = SAMPLES_AT + SAMPLE_BYTES * index;
    return [Number(out.readBigUInt64LE(at)), valueAt(out, at + 8)];
  });
  return { ok: true, value };
}

function processesOf(out: Buffer): JsonValue {
  const count = Math.min(u32(out), PROCESS_CAPACITY);
  return Array.from({ length: count }, (_, index): JsonValue => {
    const at = PROCESSES_AT + PROCESS_BYTES * index;
    const memory = out.readBigUInt64LE(at + 8);
    return { pid: out.readUInt32LE(at), memory_b: memory === NOT_TOLD ? null : Number(memory) };
  });
}

const countEvenIfTooMany = (out: Buffer, code: number): NvmlAnswer =>
  code === 0 || code === INSUFFICIENT_SIZE ? { ok: true, value: u32(out) } : { ok: false, code };

/**
 * The NVML calls that lem makes, with the layout of their parameters as declared in nvml.h (CUDA 12 and 13).
 * All of them read; none changes a setting of the GPU.
 */
export const NVML_CALLS: Readonly<Record<NvmlCall, CallShape>> = {
  nvmlSystemGetDriverVersion: systemText(80),
  nvmlSystemGetNVMLVersion: systemText(80),
  nvmlSystemGetCudaDriverVersion_v2: shape([0], 4, i32),
  nvmlDeviceGetCount_v2: shape([0], 4, u32),
  nvmlDeviceGetName: deviceText(96),
  nvmlDeviceGetUUID: deviceText(96),
  nvmlDeviceGetVbiosVersion: deviceText(32),
  // nvmlPciInfo_t: the domain:bus:device.function text is its last member, at byte 36.
  nvmlDeviceGetPciInfo_v3: shape(["device", 0], 68, (out) => textUntilNul(out, 36)),
  nvmlDeviceGetArchitecture: deviceU32,
  nvmlDeviceGetCudaComputeCapability: devicePair,
  nvmlDeviceGetNumGpuCores: deviceU32,
  nvmlDeviceGetNumaNodeId: deviceU32,
  // nvmlMemory_v2_t: version at 0 (its size, and 2 in the top byte), total, reserved, free, used from 8 on.
  nvmlDeviceGetMemoryInfo_v2: {
    parameters: ["device", 0],
    bytes: 40,
    read: onSuccess((out) => ({ total: Number(out.readBigUInt64LE(8)), used: Number(out.readBigUInt64LE(32)) })),
    prepare: (out: Buffer): void => void out.writeUInt32LE((2 << 24) | out.length, 0),
  },
  // nvmlMemory_t: total, free, used; here used includes what the driver reserves.
  nvmlDeviceGetMemoryInfo: shape(["device", 0], 24, (out) => ({
    total: u64(out),
    used: Number(out.readBigUInt64LE(16)),
  })),
  nvmlDeviceGetPowerUsage: deviceU32,
  nvmlDeviceGetPowerManagementLimit: deviceU32,
  nvmlDeviceGetPowerManagementDefaultLimit: deviceU32,
  nvmlDeviceGetPowerManagementLimitConstraints: devicePair,
  nvmlDeviceGetEnforcedPowerLimit: deviceU32,
  nvmlDeviceGetTotalEnergyConsumption: deviceU64,
  nvmlDeviceGetClockInfo: deviceU32Of,
  nvmlDeviceGetMaxClockInfo: deviceU32Of,
  nvmlDeviceGetApplicationsClock: deviceU32Of,
  nvmlDeviceGetPersistenceMode: deviceU32,
  nvmlDeviceGetComputeMode: deviceU32,
  nvmlDeviceGetMigMode: devicePair,
  nvmlDeviceGetMaxMigDeviceCount: deviceU32,
  nvmlDeviceGetGpuInstanceId: deviceU32,
  nvmlDeviceGetComputeInstanceId: deviceU32,
  nvmlDeviceGetEccMode: devicePair,
  // (device, error type 0 = corrected or 1 = uncorrected, counter type 0 = since the driver was loaded or 1 = in its life)
  nvmlDeviceGetTotalEccErrors: shape(["device", "u32", "u32", 0], 8, u64),
  nvmlDeviceGetTemperature: deviceU32Of,
  nvmlDeviceGetTemperatureThreshold: deviceU32Of,
  nvmlDeviceGetCurrentClocksEventReasons: deviceU64,
  nvmlDeviceGetCurrentClocksThrottleReasons: deviceU64,
  nvmlDeviceGetPerformanceState: shape(["device", 0], 4, i32),
  nvmlDeviceGetUtilizationRates: shape(["device", 0], 8, u32),
  nvmlDeviceGetCurrPcieLinkGeneration: deviceU32,
  nvmlDeviceGetMaxPcieLinkGeneration: deviceU32,
  nvmlDeviceGetCurrPcieLinkWidth: deviceU32,
  nvmlDeviceGetMaxPcieLinkWidth: deviceU32,
  nvmlDeviceGetNvLinkState: deviceU32Of,
  nvmlDeviceGetTopologyCommonAncestor: devicesI32,
  nvmlDeviceGetP2PStatus: shape(["device", "device", "u32", 0], 4, i32),
  // The count of processes with a compute context; with no room for their descriptions NVML still counts them.
  nvmlDeviceGetComputeRunningProcesses_v3: {
    parameters: ["device", 0, "null"],
    bytes: 4,
    read: countEvenIfTooMany,
  },
  // nvmlProcessInfo_t: pid at 0, memory at 8, the MIG instances behind it. With more than there is room for, none is told.
  "nvmlDeviceGetComputeRunningProcesses_v3/list": {
    symbol: "nvmlDeviceGetComputeRunningProcesses_v3",
    parameters: ["device", 0, PROCESSES_AT],
    bytes: PROCESSES_AT + PROCESS_BYTES * PROCESS_CAPACITY,
    read: onSuccess(processesOf),
    prepare: (out: Buffer): void => void out.writeUInt32LE(PROCESS_CAPACITY, 0),
  },
  // The power samples that the driver keeps (type 0 = total power); without a buffer NVML only counts them.
  nvmlDeviceGetSamples: {
    parameters: ["device", "u32", "zero64", 0, 4, "null"],
    bytes: 8,
    read: onSuccess((out) => out.readUInt32LE(4)),
  },
  // The samples after a time stamp: (device, type, last time stamp seen, value type, count, samples).
  "nvmlDeviceGetSamples/since": {
    symbol: "nvmlDeviceGetSamples",
    parameters: ["device", "u32", "u64", 0, 4, SAMPLES_AT],
    bytes: SAMPLES_AT + SAMPLE_BYTES * RING_CAPACITY,
    read: readSamples,
    prepare: (out: Buffer): void => void out.writeUInt32LE(RING_CAPACITY, 4),
  },
  // nvmlGpmSupport_t: version 1, then whether the GPU has hardware utilisation metrics.
  nvmlGpmQueryDeviceSupport: {
    parameters: ["device", 0],
    bytes: 8,
    read: onSuccess((out) => out.readUInt32LE(4)),
    prepare: (out: Buffer): void => void out.writeUInt32LE(1, 0),
  },
  // nvmlFieldValue_t: fieldId at 0, its own return code at 28, the value at 32.
  nvmlDeviceGetFieldValues: {
    parameters: ["device", "one", 0],
    bytes: 40,
    read: readFieldValue,
    prepare: (out: Buffer, args: readonly number[]): void => void out.writeUInt32LE(args[0] ?? 0, 0),
  },
};
