/** A length of time in one unit, as a person would say it: `41 h`, `12 min`, `8 s`. */
export function durationText(seconds: number): string {
  if (seconds >= 5400) return `${Math.round(seconds / 3600)} h`;
  return seconds >= 90 ? `${Math.round(seconds / 60)} min` : `${Math.ceil(seconds)} s`;
}
