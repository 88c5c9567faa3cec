"""Says when people are there in a usual week: "Mon–Fri 9:00 AM–6:00 PM"."""

from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from itertools import groupby

from babel.dates import format_time, get_timezone_location

from handoff_service.domain import DEFAULT_LOCALE, LOCALES
from handoff_service.hours import Span, Team
from handoff_service.wording.when import babel_locale, words_of

_DAY, _WEEK = 1440, 7 * 1440
#: From one minute of the week to another, Monday's midnight is 0.
Minutes = tuple[int, int]


def say_week(
    team: Team, *, now_ms: int, locale: str, utc_offset_min: int | None = None
) -> str | None:
    """Return a team's usual week in words; None: somebody is always there, or nobody ever.

    Args:
        team: Its holidays are not told.
        now_ms: For which of its zone's offsets counts.
        locale: One of LOCALES; English for any other.
        utc_offset_min: Minutes that the reader's clock is ahead of UTC: times are theirs. Unknown:
            they are the team's, and its city is named.
    """
    ahead = 0
    if utc_offset_min is not None:
        there = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(team.zone).utcoffset()
        ahead = utc_offset_min - (there or timedelta()) // timedelta(minutes=1)
    locale = locale if locale in LOCALES else DEFAULT_LOCALE
    said = _say(team.week, ahead, locale)
    if said is None or utc_offset_min is not None:
        return said
    city = get_timezone_location(team.zone, locale=babel_locale(locale), return_city=True)
    return words_of(locale)["elsewhere"].format(when=said, city=city)


@lru_cache(maxsize=1024)
def _say(week: tuple[tuple[Span, ...], ...], ahead: int, locale: str) -> str | None:
    duties = _shifted(week, ahead)
    open_min = sum(end - start for start, end in duties)
    if not duties or open_min >= _WEEK:
        return None
    words = words_of(locale)
    by_day = [
        tuple((start % _DAY, end % _DAY) for start, end in duties if start // _DAY == day)
        for day in range(7)
    ]
    said = []
    for spans, run in groupby(range(7), key=lambda day: by_day[day]):
        days = list(run)
        if not spans:
            continue
        first, last = (_day_name(day, locale) for day in (days[0], days[-1]))
        named = first if len(days) == 1 else words["days"].format(first=first, last=last)
        times = words["and"].join(
            words["span"].format(start=_clock(start, locale), end=_clock(end, locale))
            for start, end in spans
        )
        said.append(words["duty"].format(days=named, spans=times))
    return words["and"].join(said)


def _shifted(week: tuple[tuple[Span, ...], ...], ahead: int) -> list[Minutes]:
    """Return the duties on a clock `ahead` of theirs, by beginning; those that meet are one."""
    moved = sorted(
        (
            (day * _DAY + span.start + ahead) % _WEEK,
            span.end - span.start,
        )
        for day, spans in enumerate(week)
        for span in spans
    )
    joined: list[list[int]] = []
    for start, length in moved:
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(joined[-1][1], start + length)
        else:
            joined.append([start, start + length])
    return [(start, end) for start, end in joined]


def _clock(minutes: int, locale: str) -> str:
    moment = time(minutes // 60, minutes % 60)
    return str(format_time(moment, words_of(locale)["clock"], locale=babel_locale(locale)))


def _day_name(day: int, locale: str) -> str:
    return str(babel_locale(locale).days["stand-alone"]["abbreviated"][day])
