import type { Env } from "@lem/engines";
import { cudaVariables, openNvml, visibleGpus, type NvmlOpening } from "@lem/engines/host";

/** NVML_TEMPERATURE_GPU. */
const GPU_CORE = 0;

/** Temperature in °C of the hottest GPU that an engine started here would see; undefined where none can be read. */
export async function hottestGpu(env: Env, open: () => Promise<NvmlOpening> = openNvml): Promise<number | undefined> {
  const opening = await open();
  if (opening.status === "missing") return undefined;
  const { nvml } = opening;
  try {
    const answers = visibleGpus(nvml, cudaVariables(env)).gpus.map(({ index }) =>
      nvml.ask("nvmlDeviceGetTemperature", index, GPU_CORE),
    );
    const temperatures = answers.flatMap((answer) => (answer.ok ? [Number(answer.value)] : []));
    return temperatures.length === 0 ? undefined : Math.max(...temperatures);
  } finally {
    nvml.close();
  }
}
