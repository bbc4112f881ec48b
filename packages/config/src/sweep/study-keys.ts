import { isEngineId, LemError, type EngineId } from "@lem/domain";
import type { ExecutionSettings } from "../execution.ts";
import { placeFinding, type Problem } from "../problem.ts";
import { checkWritten } from "../schema/check.ts";
import { executionSettings } from "../schema/execution.ts";
import { DEFAULT_ENGINE, type ParsedExperiment } from "../schema/experiment.ts";
import { stringAt, withEntries, type MapNode } from "../yaml/located.ts";
import { executionFindings } from "./execution-findings.ts";

/** Keys of a file that only studies have. */
export const STUDY_KEYS: readonly string[] = ["sweep", "execution"];

/** Checks one of the keys that only studies have. */
export function partOf(root: MapNode, name: string): ReadPart {
  const { parsed, findings } = checkWritten(
    withEntries(
      root,
      [...root.entries].filter(([key]) => key === name),
    ),
  );
  return { parsed, problems: findings.map((finding) => placeFinding(finding, root)) };
}

/** One part after its checks; absent when it is refused. */
export interface ReadPart {
  readonly parsed: ParsedExperiment | undefined;
  readonly problems: readonly Problem[];
}

/** The execution settings; the defaults stand in for those that are wrong, so that what else is wrong is found too. */
export function readExecution(root: MapNode): {
  readonly execution: ExecutionSettings;
  readonly problems: readonly Problem[];
} {
  const { parsed, problems } = partOf(root, "execution");
  const usual = partOf(withEntries(root, []), "execution").parsed;
  const written = parsed ?? usual;
  if (written === undefined) throw new LemError("internal.bug", "the default execution settings are refused");
  const execution = executionSettings(written.execution);
  const findings = parsed === undefined ? [] : executionFindings(execution);
  return { execution, problems: [...problems, ...findings.map((finding) => placeFinding(finding, root))] };
}

/** The engine that the file names, else the usual one. */
export function fixedEngine(root: MapNode): EngineId {
  const named = stringAt(root, ["engine"]) ?? "";
  return isEngineId(named) ? named : DEFAULT_ENGINE;
}
