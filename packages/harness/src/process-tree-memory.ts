import { isAvailable } from "@lem/domain";
import { monotonicNow, openProcessMemorySampler } from "@lem/engines/host";
import type { MemoryReading, MemorySampler } from "./memory.ts";

/** Samples the resident memory of a process and its descendants, four times a second, off the measured path. */
export function openProcessTreeMemory(pid: number): MemorySampler {
  const sampler = openProcessMemorySampler(pid);
  let begun = monotonicNow();
  return {
    begin: () => {
      begun = monotonicNow();
    },
    read: (): MemoryReading => {
      const { peak, mean } = sampler.between(begun, monotonicNow());
      if (!isAvailable(peak)) return peak;
      if (!isAvailable(mean)) return mean;
      return { status: "measured", peak_b: peak.value, mean_b: mean.value, source: peak.source, n: peak.n ?? 0 };
    },
    stop: () => sampler.stop(),
  };
}
