import { resolve } from "node:path";
import { LemError, unavailable } from "@lem/domain";
import type { ResolvedMeasurement } from "@lem/config";
import {
  findRaplCounters,
  openNvml,
  RaplStream,
  RUN_CADENCE,
  visibleGpus,
  type CudaVariables,
  type NvmlOpening,
} from "@lem/engines/host";
import { GpuSensor } from "./gpu-sensor.ts";
import { LiveSampler } from "./live.ts";
import { RaplSensor } from "./rapl-sensor.ts";
import { ReplaySampler } from "./replay.ts";
import type { SamplerChoice } from "./sampler.ts";
import { GAIN_ERRORS, type EnergySensor } from "./sensor.ts";
import { readPowerTrace } from "./trace-file.ts";

type EnergySettings = ResolvedMeasurement["energy"];

/** Where {@link selectSampler} looks. */
export interface SelectOptions {
  /** Folder that the machine's files lie in, `/` when left out. */
  readonly root?: string;
  /** Folder that a relative path of a trace counts from, the process's own when left out. */
  readonly cwd?: string;
  /** CUDA_VISIBLE_DEVICES and CUDA_DEVICE_ORDER of the engine; every GPU is sampled when left out. */
  readonly cuda?: CudaVariables;
  /** Opens NVML; tests give their own. */
  readonly open?: () => Promise<NvmlOpening>;
}

/**
 * Chooses the energy sampler that the configuration asks for; `auto` takes every sensor that this machine has.
 * @throws LemError `energy.trace` for a trace that cannot be read, `config.conflict` for `replay` without a trace
 */
export async function selectSampler(energy: EnergySettings, options: SelectOptions = {}): Promise<SamplerChoice> {
  switch (energy.sampler) {
    case "none":
      return { status: "unavailable", reading: unavailable("switched-off", "measurement.energy.sampler is none") };
    case "auto":
      return sensorsOfMachine(energy, options);
    case "replay":
      return {
        status: "available",
        sampler: new ReplaySampler(await readPowerTrace(resolve(options.cwd ?? ".", traceOf(energy.trace)))),
      };
  }
}

async function sensorsOfMachine(energy: EnergySettings, options: SelectOptions): Promise<SamplerChoice> {
  const [gpus, cpu] = await Promise.all([gpuSensors(energy, options), cpuSensors(options)]);
  const sensors = [...gpus.sensors, ...cpu];
  if (sensors.length === 0) {
    const detail = `no powercap on this host, and of NVML: ${gpus.why}`;
    return { status: "unavailable", reading: unavailable("no-sensor", detail) };
  }
  const names = [gpus.sensors.length > 0 ? "NVML" : "", cpu.length > 0 ? "RAPL" : ""].filter((name) => name !== "");
  return { status: "available", sampler: new LiveSampler(names.join(" + "), sensors) };
}

interface FoundGpus {
  readonly sensors: readonly EnergySensor[];
  readonly why: string;
}

async function gpuSensors(
  { interval_ms, gain_error }: EnergySettings,
  { open = openNvml, cuda = {} }: SelectOptions,
): Promise<FoundGpus> {
  const opening = await open();
  if (opening.status === "missing") return { sensors: [], why: opening.detail };
  try {
    const { gpus, problem = "no GPU" } = visibleGpus(opening.nvml, cuda);
    const sensors = gpus.map(({ index, name, migInstances }) => {
      const mig = migInstances.length === 0 ? "" : `, the whole board of ${migInstances.join(", ")}`;
      return new GpuSensor(
        {
          domain: `gpu${index}`,
          device: `${name}${mig}`,
          source: "NVML power samples",
          relative_gain_error: gain_error ?? GAIN_ERRORS.nvml,
          ...(migInstances.length === 0 ? {} : { mig_instances: migInstances }),
        },
        index,
        { ...RUN_CADENCE, gauges_ms: interval_ms },
      );
    });
    return { sensors, why: problem };
  } finally {
    opening.nvml.close();
  }
}

async function cpuSensors({ root = "/" }: SelectOptions): Promise<readonly EnergySensor[]> {
  const counters = await findRaplCounters({ root });
  const stream = new RaplStream(counters);
  return counters.map(({ domain }) => {
    const gain = domain.startsWith("dram") ? GAIN_ERRORS["rapl-dram"] : GAIN_ERRORS["rapl-package"];
    const sensor = { domain, device: domain, source: "RAPL counter", relative_gain_error: gain, cumulative: true };
    return new RaplSensor(sensor, { stream, root });
  });
}

function traceOf(trace: string | null): string {
  if (trace !== null) return trace;
  throw new LemError("config.conflict", "the replay sampler needs a recorded trace", {
    hint: "set measurement.energy.trace to a .jsonl or .json file",
    place: { path: "measurement.energy.trace" },
  });
}
