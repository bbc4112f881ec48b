import { seededRandom, sha256 } from "@lem/domain";

/**
 * A random stream of its own for each purpose of one seed: drawing more of one never changes another.
 * Numbers are uniform in [0, 1).
 */
export const seededStream = (seed: number, purpose: string): (() => number) =>
  seededRandom(Number.parseInt(sha256(`${purpose}:${seed}`).slice(0, 8), 16));

/** A shuffled copy (Fisher and Yates). */
export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const result = [...items];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}
