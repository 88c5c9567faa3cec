"""Works out figures of groups: counts, shares, means and percentiles, each with its count."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from handoff_service.reports.pages import Array
from handoff_service.reports.proportion import Proportion

#: A value and a group share one number while they are sorted: durations below 2**43 ms (278 years).
_BITS = 43
#: What a part is called whose word is empty.
UNNAMED = {"how": "open", "reason": "none"}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with what it was counted from; `low` and `high` span 95 %."""

    value: float | None
    count: int
    low: float | None = None
    high: float | None = None
    parts: Mapping[str, int] | None = None

    def to_json(self) -> dict[str, Any]:
        """Return it; what it has not is left out, but for the value."""
        told: dict[str, Any] = {"value": _rounded(self.value), "count": self.count}
        if self.low is not None:
            told |= {"low": _rounded(self.low), "high": _rounded(self.high)}
        if self.parts is not None:
            told["parts"] = dict(self.parts)
        return told


def counts(groups: Array, size: int, mask: Array) -> list[int]:
    """Return how many facts the mask has: of all, then of each group."""
    found: list[int] = np.bincount(groups[mask], minlength=size).tolist()
    return [sum(found), *found]


def sums(groups: Array, size: int, values: Array) -> list[int]:
    """Return the sum of whole numbers of each group; exact below 2**53 in all."""
    found = np.bincount(groups, weights=values, minlength=size)
    return [round(each) for each in found.tolist()]


def share(hits: int, count: int, parts: Mapping[str, int] | None = None) -> Figure:
    """Return a ratio with Wilson's interval."""
    rate = Proportion(hits, count)
    low, high = rate.interval or (None, None)
    return Figure(rate.share, count, low, high, parts)


@dataclass(frozen=True, slots=True)
class Ordered:
    """Values in order: all of them, and those of one group after the other."""

    whole: Array
    grouped: Array
    many: list[int]  #: of each group

    @classmethod
    def of(cls, groups: Array, size: int, values: Array) -> Self:
        """Put values, not below zero, in order."""
        whole = np.sort(values)
        many = np.bincount(groups, minlength=size).tolist()
        if size == 1:
            return cls(whole, whole, many)
        laid = np.sort((groups.astype("<i8") << _BITS) + values)
        return cls(whole, laid & ((1 << _BITS) - 1), many)

    def quantiles(self, percent: int) -> list[Figure]:
        """Return the value that `percent` of them do not exceed: of all, then of each group.

        The nearest rank: of n values in order the one numbered ⌈percent·n / 100⌉. Exact: no sketch.
        """
        figures = [_nearest(self.whole, percent)]
        first = 0
        for count in self.many:
            figures.append(_nearest(self.grouped[first : first + count], percent))
            first += count
        return figures


def _nearest(values: Array, percent: int) -> Figure:
    count = len(values)
    return Figure(int(values[-(-percent * count // 100) - 1]) if count else None, count)


def _rounded(value: float | None) -> float | None:
    return value if value is None or isinstance(value, int) else round(value, 4)
