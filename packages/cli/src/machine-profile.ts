import { existsSync } from "node:fs";

/** The driver's control device: without it no GPU can be used, and nothing need be loaded to ask for one. */
const NVIDIA_CONTROL = "/dev/nvidiactl";

/** The fact profile of this machine: `cpu`, or `cuda-sm90` by the first GPU's compute capability. */
export async function machineProfile(): Promise<string> {
  if (!existsSync(NVIDIA_CONTROL)) return "cpu";
  const { gpuFacts } = await import("@lem/engines/host");
  const capability = (await gpuFacts({ root: "/" }))["gpu0_compute_capability"];
  const version = capability !== undefined && "value" in capability ? capability.value : undefined;
  return typeof version === "string" ? `cuda-sm${version.replaceAll(".", "")}` : "cpu";
}
