/**
 * Chances of a family of comparisons, adjusted so that the chance of one false alarm in all of them keeps its level (Holm
 * 1979); in the order given.
 */
export function holmAdjusted(chances: readonly number[]): readonly number[] {
  const order = chances.map((_, index) => index).toSorted((a, b) => (chances[a] ?? 1) - (chances[b] ?? 1));
  const adjusted = Array.from(chances, () => 1);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (chances.length - rank) * (chances[index] ?? 1)));
    adjusted[index] = largest;
  });
  return adjusted;
}
