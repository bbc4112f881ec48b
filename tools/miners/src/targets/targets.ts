import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fromSystemError, LemError } from "@lem/domain";
import { parseTarget } from "./target-file.ts";
import type { Target } from "./target.ts";

const FOLDER = join(import.meta.dirname, "../../targets");

/** Every engine that can be mined: the files of the targets' folder. */
export function allTargets(): readonly Target[] {
  return engines().map(targetOf);
}

/**
 * The target of an engine, read from its file.
 * @throws LemError `engine.unknown` for one that cannot be mined; `mine.target` for a file that is not understood
 */
export function targetOf(engine: string): Target {
  const known = engines();
  if (!known.includes(engine))
    throw new LemError("engine.unknown", `there is no mining target ${engine}`, { hint: `one of ${known.join(", ")}` });
  return readTarget(join(FOLDER, `${engine}.yaml`));
}

/** Reads a target's file, of any package. @throws LemError `mine.target`, `io.*` */
export function readTarget(file: string): Target {
  try {
    return parseTarget(readFileSync(file, "utf8"), file);
  } catch (error) {
    throw fromSystemError(error, `reading ${file}`);
  }
}

const engines = (): readonly string[] =>
  globSync("*.yaml", { cwd: FOLDER })
    .map((name) => name.slice(0, -".yaml".length))
    .toSorted();
