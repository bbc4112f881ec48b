import { setImmediate } from "node:timers/promises";
import { fact, missingFact, type Fact, type JsonValue } from "@lem/domain";
import { missingFromCode, type Missing, type NvmlAnswer } from "./nvml/answer.ts";
import { openNvml, type Nvml, type NvmlOpening } from "./nvml/bindings.ts";
import type { NvmlCall } from "./nvml/calls.ts";
import { DEVICE_FACT_NAMES, deviceFacts } from "./nvml/device.ts";
import type { HostFacts, HostOptions } from "./files.ts";
import { nvidiaDevicesOnBus } from "./pci.ts";

const SYSTEM_FACT_NAMES = [
  "driver_version",
  "nvml_version",
  "cuda_driver_version",
  "gpu_count",
  "gpu_topology",
] as const;

/** NVML_TOPOLOGY_*: how far apart two GPUs are on the bus. */
const TOPOLOGY_LEVELS: Readonly<Record<number, string>> = {
  0: "same-board",
  10: "one-pcie-switch",
  20: "several-pcie-switches",
  30: "same-host-bridge",
  40: "same-numa-node",
  50: "across-numa-nodes",
};
const P2P_NVLINK = 2;

/**
 * Facts of the GPUs through NVML, without a subprocess: `driver_version`, ... and `gpu<n>_<name>` of every GPU. With
 * no NVML the same names, for GPU 0, are missing with the reason. `open` is for tests that replay recorded answers.
 */
export async function gpuFacts(host: HostOptions, open: () => Promise<NvmlOpening> = openNvml): Promise<HostFacts> {
  const opening = await open();
  if (opening.status === "missing") return missingGpuFacts(await explainMissing(host, opening));
  try {
    return await factsOf(opening.nvml);
  } finally {
    opening.nvml.close();
  }
}

/** NVML answers on this thread: other work gets its turn between two GPUs. */
async function factsOf(nvml: Nvml): Promise<HostFacts> {
  const count = nvml.ask("nvmlDeviceGetCount_v2");
  const gpus = Array.from({ length: count.ok ? Number(count.value) : 0 }, (_, index) => index);
  const devices: Record<string, Fact> = {};
  for (const gpu of gpus) {
    Object.assign(devices, Object.fromEntries(prefixed(gpu, deviceFacts(nvml, gpu))));
    await setImmediate();
  }
  return {
    driver_version: systemFact(nvml, "nvmlSystemGetDriverVersion"),
    nvml_version: systemFact(nvml, "nvmlSystemGetNVMLVersion"),
    cuda_driver_version: systemFact(nvml, "nvmlSystemGetCudaDriverVersion_v2", cudaVersion),
    gpu_count: answerFact("nvmlDeviceGetCount_v2", count),
    gpu_topology: await topologyFact(nvml, gpus),
    ...devices,
  };
}

const prefixed = (gpu: number, facts: HostFacts): readonly (readonly [string, Fact])[] =>
  Object.entries(facts).map(([name, each]) => [`gpu${gpu}_${name}`, each] as const);

/** 13000 -> "13.0": 1000 * major + 10 * minor. */
const cudaVersion = (raw: JsonValue): JsonValue => `${Math.trunc(Number(raw) / 1000)}.${(Number(raw) % 1000) / 10}`;

const systemFact = (nvml: Nvml, call: NvmlCall, value?: (raw: JsonValue) => JsonValue): Fact =>
  answerFact(call, nvml.ask(call), value);

function answerFact(call: NvmlCall, answer: NvmlAnswer, value?: (raw: JsonValue) => JsonValue): Fact {
  if (answer.ok) return fact(value === undefined ? answer.value : value(answer.value), call);
  const { reason, detail } = missingFromCode(answer.code, call);
  return missingFact(reason, detail);
}

async function topologyFact(nvml: Nvml, gpus: readonly number[]): Promise<Fact> {
  const pairs = gpus.flatMap((a) => gpus.filter((b) => b > a).map((b) => [a, b] as const));
  if (pairs.length === 0) return missingFact("not-applicable", "fewer than two GPUs: there is no path between them");
  const paths: JsonValue[] = [];
  for (const [a, b] of pairs) {
    paths.push(pathBetween(nvml, a, b));
    await setImmediate();
  }
  return fact(paths, "nvmlDeviceGetTopologyCommonAncestor");
}

function pathBetween(nvml: Nvml, a: number, b: number): JsonValue {
  const level = nvml.ask("nvmlDeviceGetTopologyCommonAncestor", a, b);
  const link = nvml.ask("nvmlDeviceGetP2PStatus", a, b, P2P_NVLINK);
  return {
    gpus: [a, b],
    path: level.ok ? (TOPOLOGY_LEVELS[Number(level.value)] ?? null) : null,
    nvlink: link.ok ? link.value === 0 : null,
  };
}

async function explainMissing(host: HostOptions, missing: Missing): Promise<Missing> {
  const onBus = await nvidiaDevicesOnBus(host);
  if (onBus === undefined) return missing;
  const detail =
    onBus === 0
      ? `${missing.detail}; no NVIDIA GPU is on the PCI bus`
      : `${missing.detail}; ${onBus} NVIDIA device(s) are on the PCI bus: install the driver, or start the container with its GPUs`;
  return { reason: missing.reason, detail };
}

function missingGpuFacts({ reason, detail }: Missing): HostFacts {
  const names = [...SYSTEM_FACT_NAMES, ...DEVICE_FACT_NAMES.map((name) => `gpu0_${name}`)];
  return Object.fromEntries(names.map((name) => [name, missingFact(reason, detail)]));
}
