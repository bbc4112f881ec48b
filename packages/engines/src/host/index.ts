export type { HostFacts, HostOptions } from "./files.ts";
export { cpuFacts } from "./cpu.ts";
export { usableProcessors } from "./processors.ts";
export { memoryFacts } from "./memory.ts";
export { osFacts } from "./os.ts";
export { containerFacts } from "./container.ts";
export { clockFacts } from "./clock.ts";
export { gpuFacts } from "./gpu.ts";
export { repositoryFacts } from "./repository.ts";
export { findPowercapZones, powercapProblem, type PowercapZone } from "./powercap.ts";
export { freeBytes } from "./disk.ts";
export { isLocked, tryFileLock, type FileLock, type LockAttempt } from "./file-lock.ts";
export { openNvml, type Nvml, type NvmlDevice, type NvmlOpening } from "./nvml/bindings.ts";
export {
  monotonicNow,
  openProcessMemorySampler,
  type ProcessMemoryOptions,
  type ProcessMemorySampler,
  type ProcessMemoryUse,
} from "./process-memory.ts";
export { processTree } from "./process-tree.ts";
export { QUANTITY_UNITS, type Batch, type Points, type Quantity, type SamplingFault } from "./sampling/batch.ts";
export { GpuStream, RUN_CADENCE, type GpuCadence } from "./sampling/gpu-stream.ts";
export { readCpuState } from "./sampling/cpu-state.ts";
export type { EccCounts, GpuProcess, SensorState } from "./sampling/sensor-state.ts";
export type { PowerSource, SourceTiming } from "./sampling/source-timing.ts";
export { cudaVariables, visibleGpus, type CudaVariables } from "./sampling/visible-gpus.ts";
export { findRaplCounters, RaplStream } from "./sampling/rapl-stream.ts";
