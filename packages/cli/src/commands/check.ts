import type { CheckFlags } from "../flags.ts";
import type { CliContext } from "../context.ts";
import { loadFromFlags, reportProblems } from "../experiment-input.ts";

/** `lem check`: the problems of an experiment, all at once; exit 2 when one of them refuses it. */
export async function check(this: CliContext, flags: CheckFlags, file?: string): Promise<void> {
  const { problems } = await loadFromFlags(this.io, flags, file);
  const ok = problems.every((problem) => problem.severity !== "error");
  if (flags.json) this.io.stdout.write(`${JSON.stringify({ ok, problems })}\n`);
  else if (!reportProblems(this.io, problems)) this.io.stdout.write(`${file ?? "the experiment"}: no problems\n`);
  if (!ok) this.finish(2);
}
