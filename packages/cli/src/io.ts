/** Where text goes. */
export interface Sink {
  write(text: string): void;
}

/** Everything of the outside world that a command may touch; tests pass their own. */
export interface CliIo {
  /** What is piped in; read by the commands that say so only. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** True when stderr is a terminal that can redraw a line. */
  readonly interactive: boolean;
  /** True when colour is wanted on stderr. */
  readonly color: boolean;
  readonly columns: number;
  /**
   * Aborted at the first Ctrl-C, SIGTERM or hang-up: finish in order and mark the result. A second one ends the
   * process at once, without asking any command.
   */
  readonly interrupted: AbortSignal;
}
