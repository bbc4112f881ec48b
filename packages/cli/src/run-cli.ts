import { run, type StricliProcess } from "@stricli/core";
import type { ExitCode } from "@lem/domain";
import { renamedCommandHint } from "./routes/renamed.ts";
import type { CliContext } from "./context.ts";
import type { CliIo } from "./io.ts";
import { version } from "./version.ts";

/** Stricli's own codes are negative: each means that the command line was refused. */
const exitCodeOf = (own: ExitCode, stricli: number): ExitCode => {
  if (stricli === 0) return own;
  return stricli < 0 ? 2 : (stricli as ExitCode);
};

/**
 * Runs one command line. Prints only to the given sinks and never ends the process.
 * @returns 0 all completed, 1 an experiment failed, 2 refused before any start, 130 interrupted
 */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    io.stdout.write(`lem ${version()}\n`);
    return 0;
  }
  const renamed = renamedCommandHint(argv);
  if (renamed !== undefined) {
    io.stderr.write(`${renamed}\n`);
    return 2;
  }
  const { application } = await import("./routes/application.ts");
  let own: ExitCode = 0;
  const stricli: StricliProcess = { stdout: io.stdout, stderr: io.stderr, env: {} };
  const context: CliContext = { process: stricli, io, argv, finish: (code) => (own = code) };
  await run(application(io, argv.includes("--json")), argv, context);
  return exitCodeOf(own, Number(stricli.exitCode ?? 0));
}
