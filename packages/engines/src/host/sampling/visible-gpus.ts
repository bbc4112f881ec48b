import type { Nvml } from "../nvml/bindings.ts";

/** A GPU that the engine can see. */
export interface VisibleGpu {
  /** Its NVML index. */
  readonly index: number;
  readonly name: string;
  readonly uuid: string;
  /** The MIG instances through which it is seen: its power is that of the whole board, never split by guess. */
  readonly migInstances: readonly string[];
}

/** The GPUs that a process sees, and the entries of CUDA_VISIBLE_DEVICES that name none. */
export interface VisibleGpus {
  readonly gpus: readonly VisibleGpu[];
  readonly unknown: readonly string[];
}

/**
 * The GPUs that CUDA shows to a process: by index, by UUID or its beginning, or by the UUID of a MIG instance. An
 * entry that names no GPU hides all that follow it, as CUDA has it.
 * @param wanted CUDA_VISIBLE_DEVICES; undefined shows all
 */
export function visibleGpus(nvml: Nvml, wanted: string | undefined): VisibleGpus {
  const count = nvml.ask("nvmlDeviceGetCount_v2");
  const all = Array.from({ length: count.ok ? Number(count.value) : 0 }, (_, index) => describe(nvml, index));
  if (wanted === undefined) return { gpus: all, unknown: [] };
  const found = new Map<number, VisibleGpu>();
  const entries = wanted
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  for (const [at, entry] of entries.entries()) {
    const match = findGpu(nvml, all, entry);
    if (match === undefined) return { gpus: [...found.values()], unknown: entries.slice(at) };
    const known = found.get(match.index) ?? match;
    found.set(match.index, { ...known, migInstances: [...known.migInstances, ...match.migInstances] });
  }
  return { gpus: [...found.values()].map(unique), unknown: [] };
}

const unique = (gpu: VisibleGpu): VisibleGpu => ({ ...gpu, migInstances: [...new Set(gpu.migInstances)] });

function describe(nvml: Nvml, index: number): VisibleGpu {
  const say = (call: "nvmlDeviceGetName" | "nvmlDeviceGetUUID"): string => {
    const answer = nvml.ask(call, index);
    return answer.ok ? String(answer.value as string) : "";
  };
  return { index, name: say("nvmlDeviceGetName"), uuid: say("nvmlDeviceGetUUID"), migInstances: [] };
}

function findGpu(nvml: Nvml, all: readonly VisibleGpu[], entry: string): VisibleGpu | undefined {
  if (/^\d+$/.test(entry)) return all[Number(entry)];
  if (entry.startsWith("MIG-")) return parentOf(nvml, all, entry);
  const matches = all.filter(({ uuid }) => uuid.startsWith(entry));
  return matches.length === 1 ? matches[0] : undefined;
}

/** The GPU of a MIG instance; before driver 470 its name held the parent's: MIG-GPU-<uuid>/<gpu>/<compute>. */
function parentOf(nvml: Nvml, all: readonly VisibleGpu[], mig: string): VisibleGpu | undefined {
  const old = /^MIG-(GPU-[^/]+)\//.exec(mig)?.[1];
  const parent = all.find(({ index, uuid }) => (old === undefined ? hasInstance(nvml, index, mig) : uuid === old));
  return parent === undefined ? undefined : { ...parent, migInstances: [mig] };
}

function hasInstance(nvml: Nvml, gpu: number, mig: string): boolean {
  const places = nvml.ask("nvmlDeviceGetMaxMigDeviceCount", gpu);
  const numbers = Array.from({ length: places.ok ? Number(places.value) : 0 }, (_, number) => number);
  return numbers.some((number) => {
    const uuid = nvml.ask("nvmlDeviceGetUUID", `${gpu}:${number}`);
    return uuid.ok && uuid.value === mig;
  });
}
