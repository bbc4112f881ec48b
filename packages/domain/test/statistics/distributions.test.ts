import { describe, expect, it } from "vitest";
import {
  binomialCdf,
  incompleteBeta,
  normalCdf,
  normalQuantile,
  studentCdf,
  studentQuantile,
} from "../../src/statistics/distributions.ts";
import { relativeError, SCIPY } from "./scipy.ts";

describe("distributions equal SciPy's", () => {
  it.each(SCIPY.student_quantile)("t quantile of p = %d, %d degrees", (p, degrees, t) => {
    expect(Math.abs(studentQuantile(p, degrees) - t)).toBeLessThan(1e-7 * Math.max(1, Math.abs(t)));
  });

  it.each(SCIPY.student_cdf)("t distribution at %d, %d degrees", (t, degrees, p) => {
    expect(relativeError(studentCdf(t, degrees), p)).toBeLessThan(1e-11);
  });

  it.each(SCIPY.normal_quantile)("normal quantile of p = %d", (p, z) => {
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-7);
  });

  it.each(SCIPY.normal_cdf)("normal distribution at %d", (z, p) => {
    expect(relativeError(normalCdf(z), p)).toBeLessThan(1e-11);
  });

  it.each(SCIPY.incomplete_beta)("incomplete beta of a = %d, b = %d at %d", (a, b, x, value) => {
    expect(relativeError(incompleteBeta(a, b, x), value)).toBeLessThan(1e-8);
  });

  it.each(SCIPY.binomial_cdf)("at most %d of %d successes at %d", (k, n, p, value) => {
    expect(Math.abs(binomialCdf(k, n, p) - value)).toBeLessThan(1e-8);
  });

  it("is 0 below and 1 above the bounds of the beta function", () => {
    expect([
      incompleteBeta(2, 3, -1),
      incompleteBeta(2, 3, 0),
      incompleteBeta(2, 3, 1),
      incompleteBeta(2, 3, 2),
    ]).toEqual([0, 0, 1, 1]);
  });
});

describe("the quantiles an interval is made of", () => {
  it.each([1, 2, 4, 9, 29, 999])("t quantiles of 95 %% with %d degrees are exact to 1e-10 and symmetric", (degrees) => {
    const t = studentQuantile(0.975, degrees);
    expect(Math.abs(studentCdf(t, degrees) - 0.975)).toBeLessThan(1e-10);
    expect(studentQuantile(0.025, degrees)).toBeCloseTo(-t, 10);
  });

  it("normal quantile of 97.5 %", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 12);
  });
});
