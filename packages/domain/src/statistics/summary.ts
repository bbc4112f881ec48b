/** Arithmetic mean; NaN of nothing. */
export function mean(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i] ?? 0;
  return sum / samples.length;
}

/** Sample standard deviation (n - 1); NaN below two samples. */
export function standardDeviation(samples: ArrayLike<number>): number {
  if (samples.length < 2) return Number.NaN;
  const centre = mean(samples);
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += ((samples[i] ?? 0) - centre) ** 2;
  return Math.sqrt(sum / (samples.length - 1));
}

/** Coefficient of variation: standard deviation over the absolute mean; NaN below two samples or for a zero mean. */
export function coefficientOfVariation(samples: ArrayLike<number>): number {
  const centre = mean(samples);
  return centre === 0 ? Number.NaN : standardDeviation(samples) / Math.abs(centre);
}
