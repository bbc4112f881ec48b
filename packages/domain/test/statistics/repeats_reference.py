"""Writes the reference numbers of fixtures/repeats.json; needs numpy, scipy and statsmodels (Holm's correction).

usage: repeats_reference.py > fixtures/repeats.json
"""

import json
import platform

import numpy
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.multitest import multipletests


def pairs():
    draw = numpy.random.default_rng(11)
    cycles = draw.normal(0, 2, 6)
    return {
        "a step of 3 %, n = 5": (draw.normal(100, 0.8, 5), draw.normal(103, 0.8, 5)),
        "the same, n = 5": (draw.normal(100, 0.8, 5), draw.normal(100, 0.8, 5)),
        "unequal spread and number": (draw.normal(50, 1, 4), draw.normal(52, 6, 9)),
        "two and two": (draw.normal(7, 0.1, 2), draw.normal(7.3, 0.1, 2)),
        "cycles in common, n = 6": (100 + cycles, 101 + cycles + draw.normal(0, 0.3, 6)),
        "one far off, n = 8": (draw.normal(10, 0.1, 8), numpy.append(draw.normal(10, 0.1, 7), 19.0)),
        "most of them equal, n = 7": (numpy.array([4, 4, 4, 4, 4, 9, 4.0]), numpy.array([5, 5, 5, 6, 5, 5, 5.0])),
    }


def effect(first, second):
    degrees = len(first) + len(second) - 2
    pooled = (((len(first) - 1) * numpy.var(first, ddof=1) + (len(second) - 1) * numpy.var(second, ddof=1)) / degrees) ** 0.5
    bias = numpy.exp(scipy.special.gammaln(degrees / 2) - scipy.special.gammaln((degrees - 1) / 2)) / (degrees / 2) ** 0.5
    return bias * (numpy.mean(second) - numpy.mean(first)) / pooled


def compared(test):
    interval = test.confidence_interval(0.95)
    return {"p": test.pvalue, "low": interval.low, "high": interval.high}


def summary(values):
    return {
        "mean": numpy.mean(values),
        "median": numpy.median(values),
        "sd": numpy.std(values, ddof=1),
        "cv": stats.variation(values, ddof=1),
        "mad": stats.median_abs_deviation(values, scale="normal"),
    }


def cosine(values):
    """The interval of the mean by its slowest cosine waves: as many as the project's rule takes."""
    n = len(values)
    waves = min(n - 1, max(2, round(0.4 * n ** (2 / 3))))
    weights = scipy.fft.dct(values, type=2, norm="ortho")[1 : waves + 1]
    half = stats.t.ppf(0.975, waves) * numpy.sqrt(numpy.mean(weights**2) / n)
    return {"values": list(values), "waves": waves, "low": numpy.mean(values) - half, "high": numpy.mean(values) + half}


def stretches():
    draw = numpy.random.default_rng(12)
    return [draw.normal(100, 1, n) + 0.1 * numpy.arange(n) for n in (2, 3, 4, 5, 10, 30, 100)]


def main():
    chances = [[0.01], [0.04, 0.01, 0.03], [0.5, 0.001, 0.02, 0.02, 0.9], [0.6, 0.7]]
    reference = {
        "versions": {"python": platform.python_version(), "numpy": numpy.__version__, "scipy": scipy.__version__,
                     "statsmodels": statsmodels.__version__},
        "pairs": [
            {
                "name": name, "first": list(first), "second": list(second),
                "welch": compared(stats.ttest_ind(second, first, equal_var=False)),
                "paired": compared(stats.ttest_rel(second, first)) if len(first) == len(second) else None,
                "effect": effect(first, second),
                "summaries": [summary(first), summary(second)],
            }
            for name, (first, second) in pairs().items()
        ],
        "holm": [{"p": p, "adjusted": list(multipletests(p, method="holm")[1])} for p in chances],
        "cosine": [cosine(values) for values in stretches()],
    }
    print(json.dumps(reference, indent=1))


if __name__ == "__main__":
    main()
