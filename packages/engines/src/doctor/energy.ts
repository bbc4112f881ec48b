import { containerFacts } from "../host/container.ts";
import type { HostOptions } from "../host/files.ts";
import { missingFromCode } from "../host/nvml/answer.ts";
import { openNvml, type Nvml, type NvmlOpening } from "../host/nvml/bindings.ts";
import type { NvmlCall } from "../host/nvml/calls.ts";
import { nvidiaDevicesOnBus } from "../host/pci.ts";
import { findPowercapZones, powercapProblem } from "../host/powercap.ts";
import { watchSources } from "../host/sampling/gpu-stream.ts";
import { gpuConditionChecks } from "./gpu-conditions.ts";
import { missingCheck, okCheck, warnCheck, type DoctorCheck, type DoctorOptions } from "./report.ts";
import { sourceChecks } from "./sources.ts";

/** What sensors are examined with; tests give their own. */
type EnergyProbes = Pick<DoctorOptions, "openNvml" | "watchSources">;

/** Sensors of energy: each GPU's sample ring and counter, and the processor's counters. */
export async function energyChecks(
  host: HostOptions,
  { openNvml: open = openNvml, watchSources: watch = watchSources }: EnergyProbes,
): Promise<readonly DoctorCheck[]> {
  const [gpus, cpu] = await Promise.all([gpuChecks(host, { open, watch }), cpuCheck(host)]);
  return [...gpus, cpu];
}

interface Probes {
  readonly open: () => Promise<NvmlOpening>;
  readonly watch: typeof watchSources;
}

async function gpuChecks(host: HostOptions, { open, watch }: Probes): Promise<readonly DoctorCheck[]> {
  const opening = await open();
  if (opening.status === "missing") return [await noNvml(host, opening.detail)];
  try {
    const count = opening.nvml.ask("nvmlDeviceGetCount_v2");
    const gpus = Array.from({ length: count.ok ? Number(count.value) : 0 }, (_, gpu) => gpu);
    if (gpus.length === 0) return [await noNvml(host, "the driver shows this process no GPU")];
    const sources = await Promise.all(gpus.map((gpu) => sourceChecks(gpu, watch)));
    return gpus.flatMap((gpu, index) => [
      sensorCheck(opening.nvml, gpu),
      ...(sources[index] ?? []),
      ...gpuConditionChecks(opening.nvml, gpu),
    ]);
  } finally {
    opening.nvml.close();
  }
}

async function noNvml(host: HostOptions, why: string): Promise<DoctorCheck> {
  const onBus = (await nvidiaDevicesOnBus(host)) ?? 0;
  const todo = onBus === 0 ? null : "install the NVIDIA driver, or start the container with its GPUs (--gpus all)";
  const found = onBus === 0 ? "no NVIDIA GPU" : `${onBus} NVIDIA GPU(s) on the PCI bus, without NVML`;
  return missingCheck("energy.gpu", "GPU energy", { found, why, todo });
}

/** The two sources of GPU energy: the driver's ring of power samples, and the counter since the driver was loaded. */
function sensorCheck(nvml: Nvml, gpu: number): DoctorCheck {
  const id = `energy.gpu${gpu}`;
  const name = nvml.ask("nvmlDeviceGetName", gpu);
  const title = `GPU ${gpu}${name.ok ? ` ${String(name.value as string)}` : ""}`;
  const sources = [
    sourceOf(nvml, gpu, "power samples", "nvmlDeviceGetSamples", 0),
    sourceOf(nvml, gpu, "energy counter", "nvmlDeviceGetTotalEnergyConsumption"),
  ];
  const [good, bad] = [sources.filter((each) => each.works), sources.filter((each) => !each.works)];
  const found = good.length === 0 ? "no energy sensor" : good.map((each) => each.name).join(" and ");
  if (bad.length === 0) return okCheck(id, title, `${found} readable`);
  const why = bad.map((each) => each.why).join("; ");
  const todo = "update the driver; inside a virtual machine or MIG instance, ask its host";
  return good.length === 0
    ? missingCheck(id, title, { found, why, todo })
    : warnCheck(id, title, { found: `${found} only`, why, todo });
}

interface Source {
  readonly name: string;
  readonly works: boolean;
  readonly why: string;
}

function sourceOf(nvml: Nvml, gpu: number, name: string, ...[call, arg]: readonly [NvmlCall, number?]): Source {
  const answer = nvml.ask(call, gpu, ...(arg === undefined ? [] : [arg]));
  return { name, works: answer.ok, why: answer.ok ? "" : missingFromCode(answer.code, call).detail };
}

async function cpuCheck(host: HostOptions): Promise<DoctorCheck> {
  const [zones, container] = await Promise.all([findPowercapZones(host), containerFacts(host)]);
  const virtual = container["virtual_machine"];
  const problem = powercapProblem(zones, virtual?.status === "measured" && virtual.value === true);
  const names = [...new Set(zones.filter((zone) => zone.readable).map((zone) => zone.name))].join(", ");
  if (problem === undefined) return okCheck("energy.cpu", "CPU energy", `RAPL zones: ${names}`);
  const found = zones.length === 0 ? "no powercap" : `${zones.length} RAPL zones, none readable`;
  return missingCheck("energy.cpu", "CPU energy", { found, ...problem });
}
