import { readFileSync } from "node:fs";
import { join } from "node:path";
import { addAbortSignal } from "node:stream";
import { parseEnv } from "node:util";
import { runCli } from "./run-cli.ts";
import type { CliIo } from "./io.ts";

const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * `.env` of the folder fills in what the environment lacks, as for HF_TOKEN. The values stay in this object: they
 * are not put into this process's environment, where every child would inherit them.
 */
function withDotEnv(cwd: string): Record<string, string | undefined> {
  try {
    return { ...parseEnv(readFileSync(join(cwd, ".env"), "utf8")), ...process.env };
  } catch {
    return { ...process.env };
  }
}

/** A second signal ends the process at once; engines see their stdin close and end themselves. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of STOP_SIGNALS)
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      controller.abort(signal);
    });
  return controller.signal;
}

/** Runs the command line of this process and sets its exit code. */
export async function main(): Promise<void> {
  const cwd = process.env["INIT_CWD"] ?? process.cwd();
  const env = withDotEnv(cwd);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  const interactive = process.stderr.isTTY === true && env["TERM"] !== "dumb" && env["CI"] === undefined;
  const interrupted = interruption();
  const io: CliIo = {
    stdin: { [Symbol.asyncIterator]: () => addAbortSignal(interrupted, process.stdin)[Symbol.asyncIterator]() },
    stdout: { write: (text) => void process.stdout.write(text) },
    stderr: { write: (text) => void process.stderr.write(text) },
    env,
    cwd,
    interactive,
    color: interactive && env["NO_COLOR"] === undefined,
    // A terminal that does not know its width says 0.
    columns: process.stderr.columns || 100,
    interrupted,
  };
  process.exitCode = await runCli(process.argv.slice(2), io);
}
