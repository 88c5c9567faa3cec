"""What customers say of the service: CSAT, CES and NPS, each with its number of answers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Any

from handoff_service.archive.database import Database
from handoff_service.archive.surveys import Count, count_answers, count_asked
from handoff_service.reports.proportion import Proportion
from handoff_service.surveys import Kind

#: Lowest score that counts as satisfied, as easy, as a promoter; highest of a detractor.
SATISFIED, EASY, PROMOTER, DETRACTOR = 4, 5, 9, 6


@dataclass(frozen=True, slots=True)
class Tally:
    """The answers to one question."""

    kind: Kind
    asked: int
    skipped: int
    scores: Counter[int]

    @property
    def answers(self) -> int:
        """How many gave a score."""
        return self.scores.total()

    @property
    def mean(self) -> float | None:
        """Of the scores; None without any."""
        if not self.answers:
            return None
        return sum(score * count for score, count in self.scores.items()) / self.answers

    def share(self, low: int, high: int = 10) -> Proportion:
        """Return how many of the scores are from `low` to `high`."""
        hits = sum(count for score, count in self.scores.items() if low <= score <= high)
        return Proportion(hits, self.answers)

    def to_json(self) -> dict[str, Any]:
        """Return the figures; a rate without answers is null, an interval covers 95 %."""
        told: dict[str, Any] = {
            "asked": self.asked,
            "answers": self.answers,
            "skipped": self.skipped,
            "mean": _rounded(self.mean),
            "scores": {str(score): count for score, count in sorted(self.scores.items())},
        }
        match self.kind:
            case Kind.CSAT:
                return told | {"csat": _share(self.share(SATISFIED))}
            case Kind.CES:
                return told | {"easy": _share(self.share(EASY))}
            case Kind.NPS:
                return told | self._nps()

    def _nps(self) -> dict[str, Any]:
        promoters, detractors = self.share(PROMOTER), self.share(0, DETRACTOR)
        low, high = difference_interval(promoters, detractors) or (None, None)
        score = None if promoters.share is None else promoters.share - (detractors.share or 0.0)
        return {
            "promoters": _share(promoters),
            "detractors": _share(detractors),
            "nps": {"value": _rounded(score), "low": _rounded(low), "high": _rounded(high)},
        }


def difference_interval(one: Proportion, other: Proportion) -> tuple[float, float] | None:
    """Return the 95 % interval of the difference of two shares of the same answers.

    Newcombe's square-and-add of their Wilson intervals (Newcombe 1998, Statistics in Medicine 17,
    2635-2650), with the correlation that two classes of one multinomial have. None without answers.
    """
    p, q, ends_p, ends_q = one.share, other.share, one.interval, other.interval
    if p is None or q is None or ends_p is None or ends_q is None:
        return None
    spread = (1 - p) * (1 - q)
    correlation = -sqrt(p * q / spread) if spread else 0.0

    def reach(a: float, b: float) -> float:
        return sqrt(max(0.0, a * a + b * b - 2 * correlation * a * b))

    low = p - q - reach(p - ends_p[0], ends_q[1] - q)
    high = p - q + reach(ends_p[1] - p, q - ends_q[0])
    return max(-1.0, low), min(1.0, high)


async def measure_surveys(database: Database, *, since_ms: int) -> dict[str, Any]:
    """Return the figures of each kind, whole and by what it followed.

    Raises:
        ArchiveUnavailable: try again.
    """
    answers = await count_answers(database, since_ms=since_ms)
    asked = await count_asked(database, since_ms=since_ms)
    told: dict[str, Any] = {"since_ms": since_ms}
    for kind in Kind:
        its = [count for count in answers if count.kind == kind]
        whole = sum(count for (name, _), count in asked.items() if name == kind)
        afters = sorted({c.after for c in its} | {after for name, after in asked if name == kind})
        told[kind.value] = _tally(kind, its, asked=whole).to_json() | {
            "after": {
                after: _tally(
                    kind, [c for c in its if c.after == after], asked=asked.get((kind, after), 0)
                ).to_json()
                for after in afters
            }
        }
    return told


def _tally(kind: Kind, counts: Iterable[Count], *, asked: int) -> Tally:
    scores: Counter[int] = Counter()
    skipped = 0
    for count in counts:
        if count.score is None:
            skipped += count.count
        else:
            scores[count.score] += count.count
    return Tally(kind, asked, skipped, scores)


def _share(part: Proportion) -> dict[str, Any]:
    low, high = part.interval or (None, None)
    return {
        "n": part.count,
        "rate": _rounded(part.share),
        "low": _rounded(low),
        "high": _rounded(high),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
