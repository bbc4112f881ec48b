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
export { openNvml, type Nvml, type NvmlDevice, type NvmlOpening } from "./nvml/bindings.ts";
export {
  monotonicNow,
  openProcessMemorySampler,
  type ProcessMemoryOptions,
  type ProcessMemorySampler,
  type ProcessMemoryUse,
} from "./process-memory.ts";
export { QUANTITY_UNITS, type Batch, type Points, type Quantity, type SamplingFault } from "./sampling/batch.ts";
export { GpuStream, RUN_CADENCE, type GpuCadence, type StreamStart } from "./sampling/gpu-stream.ts";
export { visibleGpus, type VisibleGpus } from "./sampling/visible-gpus.ts";
export { RaplStream, type RaplDomain } from "./sampling/rapl-stream.ts";
