import { resolve } from "node:path";
import { isAvailable, type Reading } from "@lem/domain";
import { recomputeResults, type Recomputed } from "@lem/study";
import type { CliContext } from "../context.ts";
import type { JsonFlags } from "../routes/flags.ts";
import { shownPath } from "../shown-path.ts";

/** `lem results recompute`: every figure of energy and load again from the raw streams; exit code 1 when one differs. */
export async function recompute(this: CliContext, flags: JsonFlags, path: string): Promise<void> {
  const { cwd, stdout } = this.io;
  const results = await recomputeResults(resolve(cwd, path));
  if (results.some(({ differences }) => differences.length > 0)) this.finish(1);
  if (flags.json) stdout.write(`${JSON.stringify(results)}\n`);
  else stdout.write(`${results.flatMap((each) => linesOf(each, shownPath(cwd, each.folder))).join("\n")}\n`);
}

function linesOf({ figures, differences, without_raw, without_load }: Recomputed, folder: string): readonly string[] {
  const energy = without_raw === null ? "" : `; of energy there are none: ${without_raw}`;
  const load = without_load === null ? "" : `; of the load there are none: ${without_load}`;
  if (differences.length === 0)
    return [`${folder}: ${figures} figures, the raw streams give all of them again${energy}${load}`];
  const lines = differences.map(
    ({ path, stored, recomputed }) => `  ${path}: stored ${shown(stored)}, recomputed ${shown(recomputed)}`,
  );
  return [`${folder}: ${differences.length} of ${figures} figures differ${energy}${load}`, ...lines];
}

function shown(reading: Reading | null): string {
  if (reading === null) return "nothing";
  return isAvailable(reading) ? `${reading.value} ${reading.unit}` : `unavailable (${reading.reason})`;
}
