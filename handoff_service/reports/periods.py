"""Days, hours and weekdays of a time zone, and the hours in which a desk is open: over arrays.

Times are milliseconds since the epoch. A day of a zone is from midnight to midnight on its clocks,
which is 23 or 25 hours (on Lord Howe Island 23.5 or 24.5) where they are changed.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

import numpy as np

from handoff_service.hours import Team
from handoff_service.reports.pages import Array

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
#: 1970-01-01 was a Thursday; Monday is 0.
_THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a zone's clocks show within a time: `offsets[i]` ms ahead of UTC from `since[i]` on."""

    since: Array
    offsets: Array

    @classmethod
    def of(cls, zone: ZoneInfo, from_ms: int, to_ms: int) -> Self:
        """Look up every change of the clocks between two moments."""
        since, offsets = [from_ms], [_offset(zone, from_ms)]
        at = from_ms
        while at < to_ms:
            ahead = min(at + DAY_MS, to_ms)
            if _offset(zone, ahead) != offsets[-1]:
                low = at
                while ahead - low > 1:
                    middle = (low + ahead) // 2
                    if _offset(zone, middle) == offsets[-1]:
                        low = middle
                    else:
                        ahead = middle
                since.append(ahead)
                offsets.append(_offset(zone, ahead))
            at = ahead
        return cls(np.array(since, dtype="<i8"), np.array(offsets, dtype="<i8"))

    def local(self, times: Array) -> Array:
        """Return what the clocks show, in ms since a midnight of 1970."""
        place = np.maximum(np.searchsorted(self.since, times, side="right") - 1, 0)
        shown: Array = times + self.offsets[place]
        return shown

    def edges(self, step_ms: int, from_ms: int, to_ms: int) -> Array:
        """Return every moment between the two at which a new `step_ms` begins on the clocks."""
        until = [*self.since[1:].tolist(), to_ms]
        found = [self.since[1:]]
        for since, offset, end in zip(self.since, self.offsets, until, strict=True):
            first = -(-(int(since) + int(offset)) // step_ms) * step_ms - int(offset)
            found.append(np.arange(first, end, step_ms, dtype="<i8"))
        edges = np.unique(np.concatenate(found))
        inside: Array = edges[(edges > from_ms) & (edges < to_ms)]
        return inside


def hours_of(local: Array) -> Array:
    """Return the hour of the day, 0 to 23."""
    return (local // HOUR_MS % 24).astype("<i4")


def weekdays_of(local: Array) -> Array:
    """Return the day of the week, Monday 0."""
    return ((local // DAY_MS + _THURSDAY) % 7).astype("<i4")


def days_of(local: Array) -> Array:
    """Return the day, counted from 1970-01-01."""
    return (local // DAY_MS).astype("<i4")


def day_name(day: int) -> str:
    """Return such a day as it is written, 2026-11-22."""
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


class OpenTime:
    """How long a desk is open between moments, by the hours of a team as they are now."""

    def __init__(self, team: Team, from_ms: int, to_ms: int) -> None:
        """Know the duties around that time."""
        duties = np.array(team.duties(from_ms, to_ms), dtype="<i8").reshape(-1, 2)
        self._starts, self._ends = duties[:, 0], duties[:, 1]
        self._before = np.concatenate([[0], np.cumsum(self._ends - self._starts)])

    def between(self, starts: Array, ends: Array) -> Array:
        """Return of each pair of moments how many ms of duty lie between them."""
        return self._until(ends) - self._until(starts)

    def _until(self, times: Array) -> Array:
        if not len(self._starts):
            return np.zeros(len(times), dtype="<i8")
        place = np.searchsorted(self._starts, times, side="right") - 1
        safe = np.maximum(place, 0)
        within = np.minimum(times, self._ends[safe]) - self._starts[safe]
        open_ms: Array = np.where(place < 0, 0, self._before[safe] + within)
        return open_ms


def _offset(zone: ZoneInfo, at_ms: int) -> int:
    offset = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).utcoffset()
    return 0 if offset is None else offset // timedelta(milliseconds=1)
