import { unavailable } from "@lem/domain";
import type { ProcessMemorySampler } from "@lem/engines/host";

/** A machine that shows no memory of processes. */
export const noMemory = (): ProcessMemorySampler => {
  const none = unavailable("not-supported", "no /proc");
  return { between: () => ({ peak: none, mean: none }), stop: () => {} };
};
