import { resolve } from "node:path";
import { LemError } from "@lem/domain";
import { recheckQuality } from "@lem/harness/quality";
import { summaryLines, tableLines } from "@lem/report";
import { listStudies, readLabelledResults, type StudyListing } from "@lem/study/results";
import type { ResultsFlags } from "../routes/flags.ts";
import type { CliContext } from "../context.ts";
import { shownPath } from "../shown-path.ts";

const resultsRoot = (cwd: string, out: string | undefined): string => resolve(cwd, out ?? "results");

async function listRow(cwd: string, { folder, manifest }: StudyListing): Promise<string[]> {
  const done = manifest.entries.filter((entry) => entry.status === "completed").length;
  return [
    manifest.started_at.slice(0, 16).replace("T", " "),
    manifest.status === "running" && !(await isAlive(folder)) ? "died" : manifest.status,
    `${done}/${manifest.entries.length}`,
    shownPath(cwd, folder),
  ];
}

/** Looked up only where a study says that it runs: the code for it is not needed to read results. */
const isAlive = async (folder: string): Promise<boolean> => (await import("@lem/study")).isStudyAlive(folder);

/** `lem results list`: the studies of the results folder, newest first. */
export async function list(this: CliContext, flags: ResultsFlags): Promise<void> {
  const { cwd, stdout } = this.io;
  const root = resultsRoot(cwd, flags.out);
  const studies = await listStudies(root);
  if (flags.json) stdout.write(`${JSON.stringify(studies)}\n`);
  else if (studies.length === 0) stdout.write(`no results in ${shownPath(cwd, root)}; start with: lem run\n`);
  else {
    const rows = await Promise.all(studies.map((study) => listRow(cwd, study)));
    stdout.write(`${tableLines(["started (UTC)", "status", "done", "folder"], rows).join("\n")}\n`);
  }
}

/** `lem results show`: the summary of a result again, after it has checked itself; the newest one without an argument. */
export async function show(this: CliContext, flags: ResultsFlags, path?: string): Promise<void> {
  const { cwd, stdout } = this.io;
  const target = path === undefined ? await newest(resultsRoot(cwd, flags.out)) : resolve(cwd, path);
  const labelled = await readLabelledResults(target);
  const results = labelled.map(({ result }) => recheckQuality(result));
  if (flags.json) stdout.write(`${JSON.stringify(results.length === 1 ? results[0] : results)}\n`);
  else {
    const screens = results.map((result, index) => {
      const label = labelled[index]?.label ?? "";
      return [...(label === "" ? [] : [label]), ...summaryLines(result, { verbose: flags.verbose })].join("\n");
    });
    stdout.write(`${screens.join("\n\n")}\n  ${shownPath(cwd, target)}\n`);
  }
}

async function newest(root: string): Promise<string> {
  const [study] = await listStudies(root);
  if (study === undefined)
    throw new LemError("results.not-found", `no results in ${root}`, { hint: "start with: lem run" });
  return study.folder;
}
