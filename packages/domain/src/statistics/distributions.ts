/** Normal, Student, beta and binomial distributions: to 1e-10 at the levels of intervals, to 1e-7 at tails of 1e-9 (tests, against SciPy). */

const LANCZOS = [
  676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406, 12.507343278686905,
  -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** Natural logarithm of the gamma function for x > 0 (Lanczos, g = 7). */
export function logGamma(x: number): number {
  const shifted = x - 1;
  let sum = 0.9999999999998099;
  LANCZOS.forEach((coefficient, index) => (sum += coefficient / (shifted + index + 1)));
  const t = shifted + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** Terms needed grow with the root of the larger parameter: this many reach parameters of a hundred million. */
const FRACTION_TERMS = 20_000;

/** Continued fraction of the incomplete beta function (modified Lentz). */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / Math.max(tiny, 1 - ((a + b) * x) / (a + 1));
  let result = d;
  for (let m = 1; m <= FRACTION_TERMS; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d || tiny);
    c = 1 + even / c || tiny;
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d || tiny);
    c = 1 + odd / c || tiny;
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) break;
  }
  return result;
}

/** Regularised incomplete beta function I_x(a, b). */
export function incompleteBeta(a: number, b: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x));
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b;
}

/** Finds where an increasing function crosses a target between two bounds. */
function bisect(increasing: (x: number) => number, target: number, [from, to]: readonly [number, number]): number {
  let low = from;
  let high = to;
  for (let step = 0; step < 200 && high - low > 1e-14 * Math.max(1, Math.abs(low)); step++) {
    const middle = (low + high) / 2;
    if (increasing(middle) < target) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Cumulative distribution of Student's t with `degrees` of freedom. */
export function studentCdf(t: number, degrees: number): number {
  const tail = 0.5 * incompleteBeta(degrees / 2, 0.5, degrees / (degrees + t * t));
  return t < 0 ? tail : 1 - tail;
}

/** Quantile of Student's t with `degrees` of freedom, 0 < p < 1. */
export function studentQuantile(p: number, degrees: number): number {
  if (p === 0.5) return 0;
  let bound = 1;
  while (studentCdf(bound, degrees) < Math.max(p, 1 - p)) bound *= 2;
  return bisect((t) => studentCdf(t, degrees), p, [-bound, bound]);
}

/** Cumulative distribution of the standard normal: a series in the middle, where the tail's fraction converges slowly. */
export function normalCdf(z: number): number {
  if (Math.abs(z) > 3) return z < 0 ? normalTail(-z) : 1 - normalTail(z);
  let term = z;
  let sum = z;
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= (z * z) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** Upper tail of the standard normal from 3 on, by its continued fraction. */
function normalTail(z: number): number {
  let fraction = z;
  for (let k = 60; k >= 1; k--) fraction = z + k / fraction;
  return Math.exp((-z * z) / 2) / (Math.sqrt(2 * Math.PI) * fraction);
}

/** Quantile of the standard normal, 0 < p < 1. */
export const normalQuantile = (p: number): number => bisect(normalCdf, p, [-38, 38]);

/** Probability of at most k successes of n, each with probability p. */
export const binomialCdf = (k: number, n: number, p: number): number => {
  if (k < 0) return 0;
  return k >= n ? 1 : 1 - incompleteBeta(k + 1, n - k, p);
};
