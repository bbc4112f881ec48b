"""Writes the reference numbers of fixtures/scipy.json; needs numpy and scipy.

usage: scipy_reference.py > fixtures/scipy.json
"""

import json
import platform

import numpy
import scipy
from scipy import stats

TAILS = [1e-9, 1e-4, 0.005, 0.025, 0.05, 0.3, 0.5, 0.8, 0.975, 0.9995, 1 - 1e-9]


def samples():
    draw = numpy.random.default_rng(7)
    return {
        "normal, n = 10": draw.normal(100, 5, 10),
        "normal, n = 40": draw.normal(100, 5, 40),
        "exponential, n = 12": draw.exponential(3, 12),
        "exponential, n = 60": draw.exponential(3, 60),
        "lognormal, n = 25": draw.lognormal(0, 1, 25),
        "few values, n = 15": draw.integers(0, 3, 15).astype(float),
    }


def bca(values, level):
    """Mean of ten bootstraps of 40 000 resamples: its own Monte Carlo error is far below the tolerance of the test."""
    bounds = []
    for seed in range(10):
        found = stats.bootstrap((values,), numpy.mean, confidence_level=level, method="BCa", n_resamples=40000,
                                rng=numpy.random.default_rng(seed))
        bounds.append([found.confidence_interval.low, found.confidence_interval.high])
    low, high = numpy.mean(bounds, axis=0)
    return {"level": level, "low": low, "high": high}


def main():
    sets = samples()
    reference = {
        "versions": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__},
        "student_quantile": [[p, n, stats.t.ppf(p, n)] for n in [1, 2, 3, 9, 29, 400] for p in TAILS],
        "student_cdf": [[t, n, stats.t.cdf(t, n)] for n in [1, 2, 5, 30, 400] for t in [-40, -3.1, -0.2, 0, 0.01, 1.96, 12]],
        "normal_quantile": [[p, stats.norm.ppf(p)] for p in [1e-200, 1e-20, *TAILS]],
        "normal_cdf": [[z, stats.norm.cdf(z)] for z in [-30, -8, -6.5, -3.2, -3, -2.9, -0.1, 0, 0.7, 3, 3.1, 6.6, 9]],
        "incomplete_beta": [[a, b, x, scipy.special.betainc(a, b, x)] for a, b, x in
                            [(0.5, 0.5, 0.1), (2, 3, 0.4), (50, 0.5, 0.99), (1000, 2000, 0.33), (9e5, 1e4, 0.9889)]],
        "binomial_cdf": [[k, n, p, stats.binom.cdf(k, n, p)] for k, n, p in
                         [(0, 5, 0.5), (4, 10, 0.5), (9, 10, 0.9), (17, 20, 0.95), (98, 100, 0.99), (480, 1000, 0.5),
                          (989900, 1000000, 0.99), (3, 3, 0.2), (-1, 3, 0.2)]],
        "samples": {name: list(values) for name, values in sets.items()},
        "quantiles": [[name, q, numpy.quantile(values, q)] for name, values in sets.items() for q in [0, 0.1, 0.5, 0.9, 0.99, 1]],
        "summaries": {name: {"mean": numpy.mean(values), "sd": numpy.std(values, ddof=1)} for name, values in sets.items()},
        "student_intervals": {
            name: list(stats.t.interval(0.95, len(values) - 1, numpy.mean(values), stats.sem(values)))
            for name, values in sets.items()
        },
        "bca_bootstraps": {name: bca(values, 0.95) for name, values in sets.items()},
        "expanded_bca_bootstraps": {
            name: bca(values, 1 - 2 * stats.norm.cdf((n := len(values)) ** 0.5 / (n - 1) ** 0.5 * stats.t.ppf(0.025, n - 1)))
            for name, values in sets.items()
        },
        "quantile_interval_ranks": [
            [n, q, int(stats.binom.ppf(0.025, n, q)) - 1, int(stats.binom.ppf(0.975, n, q))]
            for n in [2, 5, 6, 8, 20, 40, 100, 1000, 100000] for q in [0.5, 0.9, 0.95, 0.99]
        ],
    }
    print(json.dumps(reference, indent=1))


if __name__ == "__main__":
    main()
