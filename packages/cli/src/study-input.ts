import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Resolution } from "@lem/config";
import type { EngineId } from "@lem/domain";
import { lemPaths, loadAdapter } from "@lem/engines";
import type { StudySource } from "@lem/study";
import type { LoadedPlan } from "@lem/study/plan";
import { planFromFlags } from "./experiment-input.ts";
import type { ExperimentFlags } from "./routes/flags.ts";
import type { CliIo } from "./io.ts";

/** Plans a study, or a single experiment, for the versions of engines that are installed here: those will run. */
export async function planForInstalled(
  io: CliIo,
  flags: ExperimentFlags,
  file: string | undefined,
): Promise<LoadedPlan> {
  const loaded = await planFromFlags(io, flags, { file });
  const engines = Object.entries(loaded.corpora) as [EngineId, Resolution["corpus"]][];
  const versions: Partial<Record<EngineId, string>> = {};
  for (const [engine, corpus] of engines) {
    const adapter = await loadAdapter(engine);
    const found = await adapter.locate({ enginesDir: lemPaths(io.env).engines, env: io.env });
    if (found.status === "installed" && !isCheckedFor(corpus, found.version)) versions[engine] = found.version;
  }
  return Object.keys(versions).length === 0 ? loaded : await planFromFlags(io, flags, { file, versions });
}

/** True when no other parameters or rules would be applied to that version. */
const isCheckedFor = (corpus: Resolution["corpus"], version: string): boolean =>
  [corpus, corpus.rules].every((used) => used.status === "missing" || used.version === version);

/** What a study was made from, with the text of its file. */
export function sourceOf(
  cwd: string,
  { engine, model, set }: ExperimentFlags,
  file: string | undefined,
): StudySource & { readonly text: string | null } {
  return {
    file: file ?? null,
    set: set ?? [],
    ...(engine !== undefined && { engine }),
    ...(model !== undefined && { model }),
    text: file === undefined ? null : textOf(resolve(cwd, file)),
  };
}

/** A file that was just planned from can be read; one that vanished since is told by whoever resumes. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
