import type { PipedProcess } from "@lem/engines/piped-process";

/** A way to run the probe: a process here, or one in a container. */
export interface ProbeTransport {
  /** The version whose environment the engine's Python files are run in, where it is another one. */
  readonly probedIn?: string;
  /** Rejects with `worker.spawn`; then nothing is left running. */
  start(): Promise<PipedProcess>;
}
