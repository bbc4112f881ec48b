import { closest, distance } from "fastest-levenshtein";

/** The candidate that a misspelt word most likely means; undefined when none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const lower = word.toLowerCase();
  const sameStart = candidates.filter((candidate) => candidate.toLowerCase().startsWith(lower));
  const best = closest(word, candidates);
  if (distance(lower, best.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3))) return best;
  return lower.length >= 3 && sameStart.length === 1 ? sameStart[0] : undefined;
}

/** "did you mean ...?" for a misspelt word, else the list to choose from when it is short. */
export function suggestion(word: string, candidates: readonly string[]): string | undefined {
  const best = nearest(word, candidates);
  if (best !== undefined) return `did you mean ${best}?`;
  return candidates.length > 0 && candidates.length <= 12 ? `choose one of ${candidates.join(", ")}` : undefined;
}
