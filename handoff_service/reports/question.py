"""What is asked of the numbers: a time, a zone, what to group by, what to leave out."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from handoff_service.errors import BatonError
from handoff_service.hours import Hours
from handoff_service.reports.facts import DIMENSIONS

#: What can be grouped by beside the dimensions; `hour` is of the day, `weekday` of the week.
TIMES = ("day", "hour", "weekday")
GROUPINGS = ("none", *TIMES, *DIMENSIONS)
#: Longest time that can be asked for, in ms: ten years and leap days.
LONGEST_MS = 3_653 * 86_400_000
#: Who does not return within this time has not come back, in ms.
RETURN_MS = 7 * 86_400_000


class NoSuchDimension(BatonError):
    """Numbers cannot be narrowed down by this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """From `from_ms` to before `to_ms`, as things stand at `now_ms`."""

    from_ms: int
    to_ms: int
    now_ms: int
    zone: ZoneInfo
    hours: Hours
    by: str = "none"
    #: Dimension and value; a fact must have one of the values of each dimension that is named.
    filters: tuple[tuple[str, str], ...] = ()

    @property
    def wanted(self) -> dict[str, set[str]]:
        """Return the filters, by dimension."""
        found: dict[str, set[str]] = {}
        for name, value in self.filters:
            found.setdefault(name, set()).add(value)
        return found


def filters_of(
    words: Sequence[str], *, account_id: str, sees_all: bool
) -> tuple[tuple[str, str], ...]:
    """Return what `dimension:value` words narrow down to, for who asks; agent:self is they.

    Who does not see all learns of their own conversations only, whatever was asked.

    Raises:
        NoSuchDimension: a word names none.
    """
    filters = []
    for word in words:
        name, _, value = word.partition(":")
        if name not in DIMENSIONS:
            raise NoSuchDimension(word)
        mine = name == "agent" and value == "self"
        filters.append((name, account_id if mine else value))
    if not sees_all:
        others = [(name, value) for name, value in filters if name != "agent"]
        filters = [*others, ("agent", account_id)]
    return tuple(filters)
