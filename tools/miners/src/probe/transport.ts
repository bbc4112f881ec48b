/** How the probe's process ended. */
export interface ProbeEnd {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last 16 Ki characters of what it and the engine printed. */
  readonly said: string;
}

/** A running probe process and the pipes to it. */
export interface ProbeChannel {
  /** Sends one line; a line to a process that has ended is dropped, as `ended` tells. */
  send(line: string): void;
  /** Called with every line from the process; set once, before the first line is sent. */
  onLine(listener: (line: string) => void): void;
  /** Resolves when the process is gone; never rejects. */
  readonly ended: Promise<ProbeEnd>;
  /** Closes the process's input, which ends it, and kills it when that takes too long. */
  close(): Promise<ProbeEnd>;
  /** Ends the process and all that it started. */
  kill(): Promise<ProbeEnd>;
}

/** A way to run the probe: a process here, or one in a container. */
export interface ProbeTransport {
  /** Rejects with `worker.spawn`; then nothing is left running. */
  start(): Promise<ProbeChannel>;
}
