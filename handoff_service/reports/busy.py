"""Agents' time as intervals: when they were online, when busy, and with how much at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Self

import numpy as np

from handoff_service.reports.pages import Array
from handoff_service.reports.question import Question

#: Times in ms are below 2**42 until the year 2109: intervals of several people are laid on one
#: line, each person's on a stretch of their own.
_BITS = 42

ONLINE = "online"


@dataclass(frozen=True, slots=True)
class Spans:
    """Intervals of agents, ends excluded; `agents` are numbers into `names`."""

    names: list[str]
    agents: Array
    starts: Array
    ends: Array

    def cut(self, edges: Array) -> tuple[Self, Array]:
        """Cut them at moments, in order, so that each lies between two that follow each other.

        Returns:
            The pieces, and of each the number of the interval that it is cut from.
        """
        first = np.searchsorted(edges, self.starts, side="right")
        last = np.searchsorted(edges, self.ends, side="left")
        pieces = last - first + 1
        whose = np.repeat(np.arange(len(pieces)), pieces)
        number = np.arange(len(whose)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        at = first[whose] + number
        padded = np.concatenate([edges, [0]])  # the last piece has no edge behind it
        starts = np.where(number == 0, self.starts[whose], padded[at - 1])
        ends = np.where(
            number == pieces[whose] - 1, self.ends[whose], padded[np.minimum(at, len(edges))]
        )
        return type(self)(self.names, self.agents[whose], starts, ends), whose


@dataclass(frozen=True, slots=True)
class Presence:
    """When agents were online."""

    spans: Spans

    @classmethod
    def of(cls, changes: Iterable[tuple[Any, ...]], question: Question) -> Self:
        """Read changes (agent, at_ms, status), in order, of one agent after the other."""
        names: list[str] = []
        found: list[tuple[int, int, int]] = []
        until = min(question.to_ms, question.now_ms)
        for name, its in groupby(changes, key=lambda change: change[0]):
            names.append(name)
            since: int | None = None
            for _, at_ms, status in [*its, (name, until, "")]:
                at = min(max(at_ms, question.from_ms), until)
                if since is not None and since < at:
                    found.append((len(names) - 1, since, at))
                since = at if status == ONLINE else None
        columns = np.array(found, dtype="<i8").reshape(-1, 3)
        return cls(Spans(names, columns[:, 0], columns[:, 1], columns[:, 2]))

    def only(self, names: set[str]) -> Self:
        """Leave out all others."""
        wanted = np.array([name in names for name in self.spans.names], dtype=bool)
        mask = wanted[self.spans.agents]
        spans = self.spans
        return type(self)(
            Spans(spans.names, spans.agents[mask], spans.starts[mask], spans.ends[mask])
        )


def joined(lines: Array, starts: Array, ends: Array) -> tuple[Array, Array, Array]:
    """Join intervals of one line that overlap or touch; return lines, starts and ends, in order."""
    if not len(starts):
        return lines, starts, ends
    begin, finish = _laid(lines, starts), _laid(lines, ends)
    order = np.argsort(begin)
    begin, finish = begin[order], np.maximum.accumulate(finish[order])
    new = np.concatenate([[True], begin[1:] > finish[:-1]])
    first = np.flatnonzero(new)
    last = np.concatenate([first[1:] - 1, [len(begin) - 1]])
    back = (1 << _BITS) - 1
    return begin[first] >> _BITS, begin[first] & back, finish[last] & back


def overlap(spans: tuple[Array, Array, Array], others: tuple[Array, Array, Array]) -> Array:
    """Return how much of each interval the others cover; these as `joined` returns them."""
    lines, starts, ends = others
    if not len(starts):
        return np.zeros(len(spans[1]), dtype="<i8")
    begin, finish = _laid(lines, starts), _laid(lines, ends)
    before = np.concatenate([[0], np.cumsum(finish - begin)])

    def until(at: Array) -> Array:
        place = np.searchsorted(begin, at, side="right") - 1
        safe = np.maximum(place, 0)
        covered: Array = before[safe] + np.minimum(at, finish[safe]) - begin[safe]
        return np.where(place < 0, 0, covered)

    covered: Array = until(_laid(spans[0], spans[2])) - until(_laid(spans[0], spans[1]))
    return covered


def _laid(lines: Array, times: Array) -> Array:
    laid: Array = (lines.astype("<i8") << _BITS) + times
    return laid
