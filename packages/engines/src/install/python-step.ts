import { createWriteStream } from "node:fs";
import { dirname } from "node:path";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { fromSystemError, LemError } from "@lem/domain";
import { makeFolder } from "../make-folder.ts";
import type { Env } from "../paths.ts";
import { runCommand, toolEnvironment } from "../runners/command.ts";

/** One step of an installation that runs Python. */
export interface PythonStep {
  readonly python: string;
  /** A module with its arguments: `["pip", "install", "torch"]`. */
  readonly module: readonly string[];
  readonly env: Env;
  /** Receives all output, appended. */
  readonly log: string;
  readonly signal?: AbortSignal;
  readonly onLine?: (line: string) => void;
}

const RUN_MODULE = fileURLToPath(new URL("./run_module.py", import.meta.url));

/**
 * Runs one module to its end with all output in the log file. Tokens of the environment are not handed on.
 * @throws LemError `engine.install-failed` with the module's first own error line, `run.interrupted`
 */
export async function runPythonStep(step: PythonStep): Promise<void> {
  await makeFolder(dirname(step.log));
  const log = createWriteStream(step.log, { flags: "a" });
  let logTrouble: unknown;
  log.on("error", (error) => (logTrouble = error));
  let firstError: string | undefined;
  const onLine = (line: string): void => {
    log.write(`${line}\n`);
    firstError ??= errorLine(line);
    step.onLine?.(line);
  };
  try {
    const outcome = await runCommand({
      file: step.python,
      args: [RUN_MODULE, ...step.module],
      env: { ...toolEnvironment(step.env), PYTHONUNBUFFERED: "1", PYTHONNOUSERSITE: "1" },
      onLine,
      ...(step.signal === undefined ? {} : { signal: step.signal }),
    });
    if (outcome.exitCode !== 0) throw failure(step, firstError ?? lastLine(outcome.stderrTail), outcome.exitCode);
  } finally {
    log.end();
    await finished(log).catch(() => undefined);
  }
  if (logTrouble !== undefined) throw fromSystemError(logTrouble, `writing ${step.log}`);
}

function errorLine(line: string): string | undefined {
  return /^\s*(?:ERROR|error):\s*(.+)/.exec(line)?.[1];
}

const lastLine = (text: string): string | undefined => text.trimEnd().split("\n").at(-1);

function failure(step: PythonStep, said: string | undefined, exitCode: number | null): LemError {
  const name = step.module.slice(0, 2).join(" ");
  return new LemError("engine.install-failed", `${name} failed: ${said || `exit code ${exitCode}`}`, {
    hint: `the whole output is in ${step.log}`,
    context: { log: step.log, exit_code: exitCode },
  });
}
