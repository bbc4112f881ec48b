import { LemError } from "@lem/domain";
import type { CheckFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";

/**
 * `lem check`: the problems of an experiment or study, all at once; exit 2 when one of them refuses it. With `--ndjson` the
 * verdicts on many configurations of engine classes, for programs.
 */
export async function check(this: CliContext, flags: CheckFlags, file?: string): Promise<void> {
  if (!flags.ndjson) return checkExperiment(this, flags, file);
  if (flags.model !== undefined || flags.set !== undefined)
    throw new LemError("cli.usage", "--ndjson takes configurations, to which --model and --set do not apply");
  const { checkLines } = await import("./check-lines.ts");
  return checkLines(this, flags, file);
}

async function checkExperiment(context: CliContext, flags: CheckFlags, file: string | undefined): Promise<void> {
  const { planFromFlags, reportProblems } = await import("../experiment-input.ts");
  const { io } = context;
  const { engineVersion, profile } = flags;
  const chosen = {
    ...(engineVersion === undefined ? {} : { engineVersion }),
    ...(profile === undefined ? {} : { profile }),
  };
  const loaded = await planFromFlags(io, flags, { file, ...chosen });
  const problems = [...loaded.problems, ...loaded.refusals];
  const ok = problems.every((problem) => problem.severity !== "error");
  if (flags.json) io.stdout.write(`${JSON.stringify({ ok, problems })}\n`);
  else if (!reportProblems(io, problems)) io.stdout.write(`${file ?? "the experiment"}: ${praise(problems.length)}\n`);
  if (!ok) context.finish(2);
}

/** What is said of a file that is not refused. */
const praise = (warnings: number): string =>
  warnings === 0 ? "no problems" : `no errors, ${warnings} warning${warnings === 1 ? "" : "s"}`;
