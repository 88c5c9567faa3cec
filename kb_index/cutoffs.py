"""Chooses from which confidence on the bot answers, and from which it asks back.

A curve says what would have happened at each cut-off on questions whose right articles are known.
The maintainer says which share of answers may be wrong; the lowest cut-off that keeps to it is the
one that answers most. (Risk and coverage: El-Yaniv and Wiener, On the Foundations of Noise-free
Selective Classification, 2010.)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: Share of answers that may be wrong, unless the maintainer sets another.
TARGET = 0.05
#: Share of lists of articles that may lack the right one.
_VAIN = 0.33
#: What is expected from the confidences themselves counts as much as so many measured answers.
_PRIOR = 20.0
#: No confidence is as high.
_NEVER = 1.01


@dataclass(frozen=True, slots=True)
class Point:
    """What happens at a cut-off: counts of the questions whose confidence is at least `cut`."""

    cut: float
    asked: int  # all of them
    answerable: int  # those that some article answers
    right: int  # those that got the right article
    expected: float  # sum of their confidences: how many should be right


@dataclass(frozen=True, slots=True)
class Curve:
    """The points of a set of questions, highest cut first; `answerable` counts the whole set."""

    points: tuple[Point, ...]
    answerable: int

    def wrong(self, point: Point) -> float:
        """Return the share of answers that are wrong at a point, measured and expected.

        Few measured answers count little: beside them stand _PRIOR answers that are wrong as
        often as their confidences say.
        """
        expected = 1 - point.expected / point.asked
        return (point.asked - point.right + _PRIOR * expected) / (point.asked + _PRIOR)

    def coverage(self, point: Point) -> float:
        """Return the share of the answerable questions that are answered at a point."""
        return point.answerable / self.answerable if self.answerable else 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one question: its confidence, and whether it got the right article."""

    confidence: float
    answerable: bool
    right: bool


@dataclass(frozen=True, slots=True)
class Cutoffs:
    """From `answer` on the bot answers, from `clarify` on it asks back; see `Confidence`."""

    answer: float
    clarify: float


def draw_curve(outcomes: Iterable[Outcome]) -> Curve:
    """Return the curve of some questions, a point for each confidence that occurs."""
    ordered = sorted(outcomes, key=lambda one: -one.confidence)
    points: list[Point] = []
    answerable = right = 0
    expected = 0.0
    for asked, one in enumerate(ordered, start=1):
        answerable += one.answerable
        right += one.right
        expected += one.confidence
        last = asked == len(ordered) or ordered[asked].confidence < one.confidence
        if last:
            points.append(Point(one.confidence, asked, answerable, right, expected))
    return Curve(tuple(points), answerable)


def thin_out(curve: Curve, *, points: int) -> Curve:
    """Return the curve with at most `points` of its points, evenly spread over the questions."""
    if len(curve.points) <= points:
        return curve
    step = (len(curve.points) - 1) / (points - 1)
    kept = tuple(curve.points[round(number * step)] for number in range(points))
    return Curve(kept, curve.answerable)


def choose_cutoffs(answers: Curve, lists: Curve, *, target: float = TARGET) -> Cutoffs:
    """Choose the cut-offs: answer as much as `target` allows, and ask back while that is worth it.

    Args:
        answers: of the confidence that the first article is right.
        lists: of the confidence that the subject is covered; right is a list of three articles
            with one that answers.
        target: Share of answers that may be wrong, 0 to 1.
    """
    return Cutoffs(
        answer=_lowest_cut(answers, wrong=target), clarify=_lowest_cut(lists, wrong=_VAIN)
    )


def _lowest_cut(curve: Curve, *, wrong: float) -> float:
    """Return the lowest cut at which no more than a share is wrong; above 1 if there is none."""
    cuts = [point.cut for point in curve.points if curve.wrong(point) <= wrong]
    return cuts[-1] if cuts else _NEVER
