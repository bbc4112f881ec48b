import { readFileSync, writeFileSync } from "node:fs";

/** CPU seconds that this process, all its threads included, has used; take differences. */
export function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Resident bytes of this process now, or null where the system does not say. */
export const residentBytes = (): number | null => statusBytes("VmRSS");

let peakIsFresh = false;

/** Begins a new peak of resident memory; false where the kernel does not let a process do so. */
export function resetProcessPeak(): boolean {
  peakIsFresh = false;
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    return false;
  }
  const peak = statusBytes("VmHWM");
  const now = statusBytes("VmRSS");
  // Some sandboxes accept the write and do nothing.
  peakIsFresh = peak !== null && now !== null && peak <= now * 1.01 + 2 ** 20;
  return peakIsFresh;
}

/** Peak resident bytes of this process since {@link resetProcessPeak}, else null: never the peak of its lifetime. */
export const processPeakBytes = (): number | null => (peakIsFresh ? statusBytes("VmHWM") : null);

function statusBytes(field: string): number | null {
  try {
    const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(readFileSync("/proc/self/status", "utf8"))?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  } catch {
    return null;
  }
}
