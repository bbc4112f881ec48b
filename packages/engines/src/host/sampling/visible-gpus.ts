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

/** The GPUs that a process sees. */
export interface VisibleGpus {
  readonly gpus: readonly VisibleGpu[];
  /** Why GPUs are left out: what of CUDA_VISIBLE_DEVICES names none; undefined when all of it does. */
  readonly problem?: string;
}

/** What a process is told of its GPUs by environment variables; undefined where one is not set. */
export interface CudaVariables {
  /** CUDA_VISIBLE_DEVICES; undefined shows all. */
  readonly devices?: string | undefined;
  /** CUDA_DEVICE_ORDER: only `PCI_BUS_ID` counts as NVML does. */
  readonly order?: string | undefined;
}

/** The variables of an environment. */
export const cudaVariables = (env: Readonly<Record<string, string | undefined>>): CudaVariables => ({
  devices: env["CUDA_VISIBLE_DEVICES"],
  order: env["CUDA_DEVICE_ORDER"],
});

/**
 * The GPUs that CUDA shows to a process: by index, by UUID or its beginning, or by the UUID of a MIG instance. An
 * entry that names no GPU hides all that follow it, as CUDA has it. Among GPUs of different models CUDA puts the
 * fastest first unless it is told otherwise: then an index tells nothing here.
 */
export function visibleGpus(nvml: Nvml, { devices, order }: CudaVariables = {}): VisibleGpus {
  const count = nvml.ask("nvmlDeviceGetCount_v2");
  const all = Array.from({ length: count.ok ? Number(count.value) : 0 }, (_, index) => describe(nvml, index));
  if (devices === undefined) return { gpus: all.flatMap((gpu) => wholeBoard(nvml, gpu) ?? []) };
  const found = new Map<number, VisibleGpu>();
  const entries = devices
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
  const models = new Set(all.map(({ name }) => name));
  if (models.size > 1 && order !== "PCI_BUS_ID" && entries.some((entry) => IS_INDEX.test(entry)))
    return { gpus: [], problem: `${AMBIGUOUS}; CUDA_VISIBLE_DEVICES is ${devices}` };
  for (const [at, entry] of entries.entries()) {
    const match = findGpu(nvml, all, entry);
    if (match === undefined) {
      const problem = `CUDA_VISIBLE_DEVICES names no GPU with ${entries.slice(at).join(", ")}`;
      return { gpus: [...found.values()].map(unique), problem };
    }
    const known = found.get(match.index) ?? match;
    found.set(match.index, { ...known, migInstances: [...known.migInstances, ...match.migInstances] });
  }
  return { gpus: [...found.values()].map(unique) };
}

const IS_INDEX = /^\d+$/;
const AMBIGUOUS =
  "which GPU an index means is not known among different models: set CUDA_DEVICE_ORDER=PCI_BUS_ID, or give UUIDs";

const unique = (gpu: VisibleGpu): VisibleGpu => ({ ...gpu, migInstances: [...new Set(gpu.migInstances)] });

function describe(nvml: Nvml, index: number): VisibleGpu {
  const say = (call: "nvmlDeviceGetName" | "nvmlDeviceGetUUID"): string => {
    const answer = nvml.ask(call, index);
    return answer.ok ? String(answer.value as string) : "";
  };
  return { index, name: say("nvmlDeviceGetName"), uuid: say("nvmlDeviceGetUUID"), migInstances: [] };
}

function findGpu(nvml: Nvml, all: readonly VisibleGpu[], entry: string): VisibleGpu | undefined {
  if (IS_INDEX.test(entry)) return wholeBoard(nvml, all[Number(entry)]);
  if (entry.startsWith("MIG-")) return parentOf(nvml, all, entry);
  const matches = all.filter(({ uuid }) => uuid.startsWith(entry));
  return matches.length === 1 ? wholeBoard(nvml, matches[0]) : undefined;
}

/** A board that is named itself: where it is divided, CUDA takes the first of its instances. */
function wholeBoard(nvml: Nvml, gpu: VisibleGpu | undefined): VisibleGpu | undefined {
  if (gpu === undefined) return undefined;
  const [first] = instancesOf(nvml, gpu.index);
  return first === undefined ? gpu : { ...gpu, migInstances: [first] };
}

/** The GPU of a MIG instance; before driver 470 its name held the parent's: MIG-GPU-<uuid>/<gpu>/<compute>. */
function parentOf(nvml: Nvml, all: readonly VisibleGpu[], mig: string): VisibleGpu | undefined {
  const old = /^MIG-(GPU-[^/]+)\//.exec(mig)?.[1];
  const parent = all.find(({ index, uuid }) => (old === undefined ? hasInstance(nvml, index, mig) : uuid === old));
  return parent === undefined ? undefined : { ...parent, migInstances: [mig] };
}

const hasInstance = (nvml: Nvml, gpu: number, mig: string): boolean => instancesOf(nvml, gpu).includes(mig);

/** The UUIDs of a board's MIG instances; none where it is not divided. */
function instancesOf(nvml: Nvml, gpu: number): readonly string[] {
  const places = nvml.ask("nvmlDeviceGetMaxMigDeviceCount", gpu);
  const numbers = Array.from({ length: places.ok ? Number(places.value) : 0 }, (_, number) => number);
  return numbers.flatMap((number) => {
    const uuid = nvml.ask("nvmlDeviceGetUUID", `${gpu}:${number}`);
    return uuid.ok ? [String(uuid.value as string)] : [];
  });
}
