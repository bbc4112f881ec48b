import type { JsonValue } from "@lem/domain";
import type { NvmlAnswer } from "./answer.ts";

/**
 * One C parameter of an NVML call: `device` takes a GPU, `u32` the next plain argument, `size` the length of the
 * output area, `one`, `zero64` and `null` constants, and a number is a pointer that far into the output area.
 */
export type Parameter = "device" | "u32" | "size" | "one" | "zero64" | "null" | number;

/** How to make one NVML call and read its output area. */
export interface CallShape {
  readonly parameters: readonly Parameter[];
  /** Size of the output area in bytes. */
  readonly bytes: number;
  readonly read: (out: Buffer, code: number) => NvmlAnswer;
  /** Writes the input part of the output area, for calls that have one. */
  readonly prepare?: (out: Buffer, args: readonly number[]) => void;
}

const INSUFFICIENT_SIZE = 7;

/** The calls of {@link NVML_CALLS}, by their names in nvml.h. */
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
  | "nvmlDeviceGetSamples"
  | "nvmlDeviceGetFieldValues";

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
  nvmlDeviceGetPersistenceMode: deviceU32,
  nvmlDeviceGetComputeMode: deviceU32,
  nvmlDeviceGetMigMode: devicePair,
  nvmlDeviceGetMaxMigDeviceCount: deviceU32,
  nvmlDeviceGetGpuInstanceId: deviceU32,
  nvmlDeviceGetComputeInstanceId: deviceU32,
  nvmlDeviceGetEccMode: devicePair,
  // (device, error type 1 = uncorrected, counter type 0 = since the driver was loaded)
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
  // The power samples that the driver keeps (type 0 = total power); without a buffer NVML only counts them.
  nvmlDeviceGetSamples: {
    parameters: ["device", "u32", "zero64", 0, 4, "null"],
    bytes: 8,
    read: onSuccess((out) => out.readUInt32LE(4)),
  },
  // nvmlFieldValue_t: fieldId at 0, its own return code at 28, the value at 32.
  nvmlDeviceGetFieldValues: {
    parameters: ["device", "one", 0],
    bytes: 40,
    read: readFieldValue,
    prepare: (out: Buffer, args: readonly number[]): void => void out.writeUInt32LE(args[0] ?? 0, 0),
  },
};
