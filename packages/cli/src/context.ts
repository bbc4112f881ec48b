import type { ApplicationContext } from "@stricli/core";
import type { ExitCode } from "@lem/domain";
import type { CliIo } from "./io.ts";

/** What every command gets as `this`. */
export interface CliContext extends ApplicationContext {
  readonly io: CliIo;
  /** The command line as given, for the record of how to repeat a run. */
  readonly argv: readonly string[];
  /** States how the process ends when no error is thrown; the default is 0. */
  finish(code: ExitCode): void;
}
