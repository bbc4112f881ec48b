import { resolve } from "node:path";
import { LemError } from "@lem/domain";
import { recheckQuality } from "@lem/harness/quality";
import { compareResults, comparisonLines } from "@lem/report";
import { readResultsAt } from "@lem/study/results";
import type { CliContext } from "../context.ts";
import type { JsonFlags } from "../routes/flags.ts";

/** `lem results compare`: every result against the first, and which of them the measurement cannot tell apart. */
export async function compare(this: CliContext, flags: JsonFlags, ...paths: readonly string[]): Promise<void> {
  const { cwd, stdout } = this.io;
  const results = (await Promise.all(paths.map((path) => readResultsAt(resolve(cwd, path)))))
    .flat()
    .map(recheckQuality);
  if (results.length < 2)
    throw new LemError(
      "results.not-found",
      `there is ${results.length === 1 ? "one result" : "no result"} to compare`,
      {
        hint: "give two runs, or a study of several experiments",
      },
    );
  const comparisons = compareResults(results, { paired: paths.length === 1 });
  const text = comparisons.map((each) => comparisonLines(each).join("\n")).join("\n\n");
  stdout.write(flags.json ? `${JSON.stringify(comparisons)}\n` : `${text}\n`);
}
