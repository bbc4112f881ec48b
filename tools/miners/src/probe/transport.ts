import type { PipedProcess } from "@lem/engines/piped-process";

/** A way to run the probe: a process here, or one in a container. */
export interface ProbeTransport {
  /** Rejects with `worker.spawn`; then nothing is left running. */
  start(): Promise<PipedProcess>;
}
