"""When a report that somebody wants regularly is due, and which time it is about. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Every(StrEnum):
    """How often a report comes: each is about the whole day, week or month before."""

    DAY = "day"
    WEEK = "week"  #: on Mondays (ISO 8601: a week begins then)
    MONTH = "month"  #: on the first


def next_due_ms(every: Every, *, hour: int, tz: ZoneInfo, after_ms: int) -> int:
    """Return the first moment after `after_ms` at which such a report is due.

    On a day on which the clock skips the hour it is due as much later; on one that has it twice,
    the first time (PEP 495, fold 0).
    """
    after = datetime.fromtimestamp(after_ms / 1000, tz)
    day = _begin(every, after.date())
    while (due := _at(day, hour, tz)) <= after_ms:
        day = _following(every, day)
    return due


def period_ms(every: Every, *, due_ms: int, tz: ZoneInfo) -> tuple[int, int]:
    """Return the time (from, until; ms, until not included) that a report due then is about."""
    end = _begin(every, datetime.fromtimestamp(due_ms / 1000, tz).date())
    begin = _begin(every, end - timedelta(days=1))
    return _at(begin, 0, tz), _at(end, 0, tz)


def _begin(every: Every, day: date) -> date:
    if every is Every.WEEK:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if every is Every.MONTH else day


def _following(every: Every, day: date) -> date:
    if every is Every.MONTH:
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=7 if every is Every.WEEK else 1)


def _at(day: date, hour: int, tz: ZoneInfo) -> int:
    moment = datetime.combine(day, time(hour), tz).astimezone(UTC)
    return int(moment.timestamp() * 1000)
