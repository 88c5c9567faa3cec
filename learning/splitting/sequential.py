"""Compares two proportions while their numbers grow; valid however often it is looked at. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

#: How sure a verdict on one proportion is: wrong at most this often, over all looks together. Two
#: are compared, containment and CSAT, so that a split says something false at most every 20th time.
ALPHA = 0.025
#: The size of difference that is found soonest: the standard deviation of the normal mixture.
#: Five points are worth a decision; much smaller ones take months, much larger ones show anyway.
EXPECTED_DIFFERENCE = 0.05
#: Below so many observations in an arm the normal approximation is no good, and nothing is said.
FEWEST = 50


@dataclass(frozen=True, slots=True)
class Proportion:
    """So many of so many."""

    good: int
    of: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much higher the second proportion is than the first: -1 to 1, with an interval."""

    difference: float | None  #: None: an arm has no observation
    low: float
    high: float
    decided: str  #: better, worse or none

    def to_json(self) -> dict[str, Any]:
        """Return the shape kept and shown."""
        difference = None if self.difference is None else round(self.difference, 5)
        return {
            "difference": difference,
            "low": round(self.low, 5),
            "high": round(self.high, 5),
            "decided": self.decided,
        }


def compare(live: Proportion, candidate: Proportion, *, alpha: float = ALPHA) -> Comparison:
    """Return the difference, candidate minus live, with a confidence sequence around it.

    The interval covers the true difference at all looks together with probability 1 - alpha, so
    one may look daily and stop at what one sees. It is Robbins' normal mixture (H. Robbins,
    "Statistical methods related to the law of the iterated logarithm", 1970; S. Howard et al.,
    "Time-uniform, nonparametric, nonasymptotic confidence sequences", 2021, eq. 14), as the mixture
    SPRT of R. Johari et al., "Peeking at A/B tests", 2017, uses it for proportions: with V the
    estimated variance of the difference and t = EXPECTED_DIFFERENCE, its half width is

        sqrt(2 V (V + t²) / t² · ln(sqrt((V + t²) / V) / alpha)).

    It is asymptotic (I. Waudby-Smith et al., "Time-uniform central limit theory and asymptotic
    confidence sequences", 2021): nothing is decided below FEWEST observations in an arm, and V is
    the larger of two estimates, the arms' own and as if both were alike, each at (good + 1) /
    (of + 2), which never says 0: a small arm of a rare event looks more certain than it is.
    """
    if not live.of or not candidate.of:
        return Comparison(None, -1.0, 1.0, "none")
    difference = candidate.good / candidate.of - live.good / live.of
    if min(live.of, candidate.of) < FEWEST:
        return Comparison(difference, -1.0, 1.0, "none")
    variance, mixture = _variance(live, candidate), EXPECTED_DIFFERENCE**2
    ratio = (variance + mixture) / variance
    half = math.sqrt(2 * variance * (ratio * variance / mixture) * math.log(ratio**0.5 / alpha))
    low, high = max(difference - half, -1.0), min(difference + half, 1.0)
    return Comparison(
        difference, low, high, "better" if low > 0 else "worse" if high < 0 else "none"
    )


def _variance(live: Proportion, candidate: Proportion) -> float:
    both = Proportion(live.good + candidate.good, live.of + candidate.of)
    own = _spread(live) / live.of + _spread(candidate) / candidate.of
    return max(own, _spread(both) * (1 / live.of + 1 / candidate.of))


def _spread(arm: Proportion) -> float:
    share = (arm.good + 1) / (arm.of + 2)
    return share * (1 - share)
