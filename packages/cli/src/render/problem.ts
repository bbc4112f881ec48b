import type { Problem } from "@lem/config";
import type { Place } from "@lem/domain";
import { placeText } from "./error.ts";
import { style, type Style } from "./style.ts";

/** The text of a file by its path as the problem names it; `undefined` when it cannot be shown. */
export type SourceText = (file: string) => string | undefined;

/** Lines shown before the one with the problem. */
const CONTEXT_LINES = 2;
const GUTTER = 5;

function excerpt(problem: Problem, source: string, styles: Style): string[] {
  const lines = source.split("\n");
  const line = problem.line ?? 0;
  if (line < 1 || line > lines.length) return [];
  const first = Math.max(1, line - CONTEXT_LINES);
  const shown = lines.slice(first - 1, line).map((text, index) => {
    return `${styles.dim(`${String(first + index).padStart(GUTTER)} │`)} ${text}`;
  });
  const caret = `${" ".repeat(Math.max(0, (problem.column ?? 1) - 1))}^`;
  return [...shown, `${styles.dim(`${" ".repeat(GUTTER)} │`)} ${styles.red(caret)} ${problem.message}`];
}

function placeOf({ file, line, column, path }: Problem): Place {
  return {
    path,
    ...(file === null ? {} : { file }),
    ...(line === null ? {} : { line }),
    ...(column === null ? {} : { column }),
  };
}

/** One problem for a person: its place, the lines around it, what is wrong, what to write instead. */
export function problemText(
  problem: Problem,
  options: { readonly source: SourceText; readonly color: boolean },
): string {
  const styles = style(options.color);
  const label = problem.severity === "warn" ? styles.yellow("warning") : styles.red("error");
  const source = problem.file === null ? undefined : options.source(problem.file);
  const around = source === undefined ? [] : excerpt(problem, source, styles);
  const place = placeText(placeOf(problem));
  const said = around.length > 0 ? [] : [`  ${problem.message}`];
  const hint = problem.hint === undefined ? [] : [`  try: ${problem.hint}`];
  const rule = problem.rule === undefined ? "" : ` · rule ${problem.rule}`;
  const head = `${label} ${place === "" ? "" : `${styles.bold(place)}   `}${styles.dim(`${problem.code}${rule}`)}`;
  return [head, ...around, ...said, ...hint].join("\n");
}

/** `2 problems, nothing was started.` */
export function problemCount(problems: readonly Problem[]): string {
  const errors = problems.filter((problem) => problem.severity === "error").length;
  return `${errors} problem${errors === 1 ? "" : "s"}, nothing was started.`;
}
