import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files of a corpus that mining writes, and that a second mining must write alike. */
const FILES = [
  "invariants.proposed.yaml",
  "invariants.validated.yaml",
  "invariants.json",
  "quarantine.yaml",
  "ledger.json",
  "classes.json",
] as const;

/** One file of two corpora of the same version. */
export interface FileComparison {
  readonly file: string;
  readonly isEqual: boolean;
  /** Some of the lines that only one has, with `-` or `+` before. */
  readonly difference: readonly string[];
}

/** Holds a corpus against another, file by file; files that neither has are left out. */
export const compareCorpora = (committed: string, mined: string): readonly FileComparison[] =>
  FILES.flatMap((file) => {
    const [before, after] = [textOf(join(committed, file)), textOf(join(mined, file))];
    if (before === undefined && after === undefined) return [];
    return [{ file, isEqual: before === after, difference: difference(before ?? "", after ?? "") }];
  });

/** The hash of the inputs tells of the miner's own text too, which may change without any rule's doing so. */
const textOf = (file: string): string | undefined =>
  existsSync(file) ? readFileSync(file, "utf8").replace(/^inputs_sha256: .*$/m, "") : undefined;

function difference(before: string, after: string): readonly string[] {
  if (before === after) return [];
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  const only = (lines: readonly string[], others: ReadonlySet<string>, sign: string): readonly string[] =>
    lines.filter((line) => !others.has(line)).map((line) => `${sign} ${line.slice(0, 200)}`);
  return [...only(old, new Set(fresh), "-").slice(0, 20), ...only(fresh, new Set(old), "+").slice(0, 20)];
}

/** What came of it, a line a file. */
export const comparisonText = (files: readonly FileComparison[]): string =>
  files
    .flatMap(({ file, isEqual, difference: lines }) => [
      `${isEqual ? "equal  " : "DIFFERS"} ${file}`,
      ...lines.map((line) => `  ${line}`),
    ])
    .join("\n");
