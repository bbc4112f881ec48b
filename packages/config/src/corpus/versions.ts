/** Compares dotted versions number by number: 5.9.0 is older than 5.23.0; what has no numbers is the newest. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  if (left.length === 0 || right.length === 0) return right.length - left.length;
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The known version that most likely holds for one that is not known: the next older or the next newer one, whichever
 * is fewer majors away, then minors, then the rest; the older one of two, as a later version's rule may not exist yet.
 */
export function nearestVersion(wanted: string, known: readonly string[]): string | undefined {
  const sorted = known.toSorted(compareVersions);
  const older = sorted.findLast((version) => compareVersions(version, wanted) <= 0);
  const newer = sorted.find((version) => compareVersions(version, wanted) > 0);
  if (older === undefined || newer === undefined) return older ?? newer;
  return compareDistances(distance(wanted, older), distance(wanted, newer)) <= 0 ? older : newer;
}

/** Whether two versions differ in their first number, so that what one refuses the other may well allow. */
export const isOtherMajor = (a: string, b: string): boolean => numbers(a)[0] !== numbers(b)[0];

const PARTS = 4;

const numbers = (version: string): readonly number[] => (version.match(/\d+/g) ?? []).map(Number);

function distance(a: string, b: string): readonly number[] {
  const [left, right] = [numbers(a), numbers(b)];
  return Array.from({ length: PARTS }, (_, index) => Math.abs((left[index] ?? 0) - (right[index] ?? 0)));
}

const compareDistances = (a: readonly number[], b: readonly number[]): number =>
  a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
