"""What is answered, and how wrongly, when only confident answers are given.

With a cut, every question whose confidence is at least the cut is answered. Coverage is the share
of the *answerable* questions that are answered, rightly or wrongly; precision is the share of *all*
answered questions, unanswerable ones included, whose first article is right; risk is 1 − precision.
One point a cut makes the risk–coverage curve (El-Yaniv and Wiener, "On the Foundations of
Noise-free Selective Classification", JMLR 11, 2010, section 2, with coverage counted over the
answerable questions only, so that a set with more unanswerable ones is not a worse set).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """The confidence in a question's first article, whether any is right, whether that one is."""

    confidence: float
    answerable: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Point:
    """What a cut does: shares, 0 to 1, and the number of questions answered."""

    cut: float
    coverage: float
    risk: float
    answered: int


def risk_coverage(judged: Sequence[Judged]) -> list[Point]:
    """Return a point for each different confidence as the cut, highest cut first.

    Questions of equal confidence are answered together. Coverage is 0.0 when none is answerable.
    """
    answerable = sum(one.answerable for one in judged)
    ordered = sorted(judged, key=lambda one: -one.confidence)
    points = []
    covered = right = 0
    for answered, one in enumerate(ordered, start=1):
        covered += one.answerable
        right += one.right
        if answered < len(ordered) and ordered[answered].confidence == one.confidence:
            continue
        coverage = covered / answerable if answerable else 0.0
        points.append(Point(one.confidence, coverage, 1 - right / answered, answered))
    return points


def coverage_at(precision: float, judged: Sequence[Judged]) -> float:
    """Return the coverage at the lowest cut that keeps `precision`; 0.0 when no cut does."""
    points = risk_coverage(judged)
    # 1 - 0.8 and 1 - 4 / 5 are computed alike, so a precision that is just met counts
    kept = [point.coverage for point in points if point.risk <= 1 - precision]
    return max(kept, default=0.0)
