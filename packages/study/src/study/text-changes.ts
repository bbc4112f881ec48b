/** More pairs of lines than this are not compared one by one. */
const PAIRS = 4e6;

/** Lines that only one of two texts has, with their numbers: the longest common subsequence is left out. */
export function textChanges(before: string, after: string): readonly string[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  if (a.length * b.length > PAIRS) return ["  the file has changed"];
  const common = commonLengths(a, b);
  const lines: string[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const side = sideAt(common, [i, j], i < a.length && a[i] === b[j]);
    if (side === "before") lines.push(`  ${i + 1} - ${a[i]}`);
    if (side === "after") lines.push(`  ${j + 1} + ${b[j]}`);
    i += Number(side !== "after");
    j += Number(side !== "before");
  }
  return lines;
}

/** Which text has the next line; past the end of one it is the other. */
function sideAt(
  common: readonly (readonly number[])[],
  [i, j]: readonly [number, number],
  same: boolean,
): "both" | "before" | "after" {
  if (same) return "both";
  const [withoutOld, withoutNew] = [common[i + 1]?.[j] ?? -1, common[i]?.[j + 1] ?? -1];
  return withoutOld >= withoutNew ? "before" : "after";
}

/** `lengths[i][j]`: how many lines the ends from i and from j have in common. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const lengths: number[][] = [Array.from({ length: b.length + 1 }, () => 0)];
  for (const line of a.toReversed()) lengths.unshift(rowAbove(lengths[0] ?? [], line, b));
  return lengths;
}

function rowAbove(below: readonly number[], line: string, b: readonly string[]): number[] {
  const row = [0];
  for (let j = b.length - 1; j >= 0; j--)
    row.unshift(line === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[0] ?? 0));
  return row;
}
