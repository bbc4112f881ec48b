import type { ErrorCode } from "@lem/domain";
import { markAt, nodeAt, type Located, type Mark, type Path } from "./yaml/located.ts";

/** Something wrong with a configuration. Errors refuse it; warnings do not. */
export interface Problem {
  readonly code: ErrorCode;
  readonly severity: "error" | "warn";
  readonly message: string;
  /** Dotted path of the field; empty for the file as a whole. */
  readonly path: string;
  /** Null for what no file holds (a flag), as are line and column; those count from 1. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  /** The rule that found it, where one has a name. */
  readonly rule?: string;
  /** What to do about it. */
  readonly hint?: string;
}

/** A problem of a value, before it is known where that value is written. */
export interface Finding {
  readonly code: ErrorCode;
  readonly severity?: "error" | "warn";
  readonly path: Path;
  /** Whether the key itself is wrong, or its value. */
  readonly at: "key" | "value";
  readonly message: string;
  readonly hint?: string | undefined;
  readonly rule?: string;
}

/** Makes a problem that lies at a mark. */
export function problemAt(mark: Mark, finding: Omit<Finding, "at">): Problem {
  const { code, severity = "error", message, path, rule, hint } = finding;
  const extras = { ...(rule === undefined ? {} : { rule }), ...(hint === undefined ? {} : { hint }) };
  return {
    code,
    severity,
    message,
    path: path.join("."),
    file: mark.file,
    line: mark.line,
    column: mark.column,
    ...extras,
  };
}

/** Finds where a finding is written. An unknown key that came by `--set` is a wrong path of that flag. */
export function placeFinding(finding: Finding, root: Located): Problem {
  const byFlag = finding.code === "config.unknown-key" && nodeAt(root, finding.path)?.origin === "flag";
  const code = byFlag ? "config.set-path" : finding.code;
  return problemAt(markAt(root, finding.path, finding.at), { ...finding, code });
}

/** True when a problem refuses the configuration. */
export const hasErrors = (problems: readonly Problem[]): boolean =>
  problems.some((problem) => problem.severity === "error");

/** Problems that engines' own rules find; each of them stands for itself. */
const OF_RULES: ReadonlySet<ErrorCode> = new Set(["config.invariant", "config.engine-warning", "config.dormant"]);

/**
 * Sorts problems, errors first, by place: the flags, then the main file, then the others by name; inside a file by line and column.
 * Of several at one place for one field only the first error found is kept, as the others follow from it; all of the
 * engine's rules are kept where only they find fault.
 */
export function sortProblems(problems: readonly Problem[], mainFile?: string): readonly Problem[] {
  const rank = ({ file }: Problem): string => (file === null ? "" : file === mainFile ? "0" : `1${file}`);
  const position = ({ line, column }: Problem): number => (line ?? 0) * 1e6 + (column ?? 0);
  const placeOf = (problem: Problem): string => JSON.stringify([problem.file, position(problem), problem.path]);
  const weight = ({ severity }: Problem): number => Number(severity === "error");
  const byWeight = problems.toSorted((a, b) => weight(b) - weight(a));
  const first = new Map(byWeight.toReversed().map((problem) => [placeOf(problem), problem]));
  const kept = problems.filter((problem) => {
    const found = first.get(placeOf(problem));
    return found === problem || (found !== undefined && OF_RULES.has(found.code) && OF_RULES.has(problem.code));
  });
  return kept.toSorted(
    (a, b) =>
      weight(b) - weight(a) ||
      compareText(rank(a), rank(b)) ||
      position(a) - position(b) ||
      compareText(a.path, b.path),
  );
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
