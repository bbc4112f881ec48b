import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEngineVersions } from "@lem/engines";
import { git, withCommit, type Repository } from "./git.ts";

/** An engine in its current version, and what a machine must have to mine it. */
export interface Pin {
  readonly engine: string;
  readonly version: string;
  /**
   * `image`: a probe image can be built of it, and any machine mines it. `embedded`: it comes with lem. `gpu`: it is made
   * for GPUs only, and a machine that has its source mines it.
   */
  readonly needs: "image" | "embedded" | "gpu";
}

/** The current version of each engine. */
export const currentPins = (root: string, engines: readonly string[]): Promise<readonly Pin[]> =>
  Promise.all(engines.map((engine) => pinOf(root, engine)));

/** The engines whose current version is another than at a commit. */
export async function movedPins(
  repository: Repository,
  engines: readonly string[],
  base: string,
): Promise<readonly Pin[]> {
  const files = engines.map((engine) => `engine_versions/${engine}.yaml`);
  const changed = (await git(repository, "diff", "--name-only", base, "--", ...files)).split("\n");
  const touched = engines.filter((engine) => changed.includes(`engine_versions/${engine}.yaml`));
  return await withCommit(repository, { commit: base, paths: files }, async (folder) => {
    const [before, now] = [await pinsIn(folder, touched), await currentPins(repository.root, touched)];
    return now.filter(({ version }, at) => before[at]?.version !== version);
  });
}

/** An engine that was not there has no pin. */
const pinsIn = (root: string, engines: readonly string[]): Promise<readonly (Pin | undefined)[]> =>
  Promise.all(engines.map((engine) => pinOf(root, engine).catch(() => undefined)));

/** @throws LemError `internal.bug`, or the system's error where there is no such file */
async function pinOf(root: string, engine: string): Promise<Pin> {
  const file = join(root, "engine_versions", `${engine}.yaml`);
  const { current, installer, variants } = parseEngineVersions(await readFile(file, "utf8"), file);
  const needs = installer === "embedded" ? "embedded" : variants.cpu === undefined ? "gpu" : "image";
  return { engine, version: current, needs };
}
