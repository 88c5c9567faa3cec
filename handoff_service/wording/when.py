"""Says when something will be, as people say it: "tomorrow (Monday) at 9:00 AM"."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache
from importlib.resources import files

from babel import Locale
from babel.dates import format_datetime, format_skeleton, format_time, get_timezone_location

from handoff_service.domain import DEFAULT_LOCALE, LOCALES

#: Up to so many days ahead the name of the weekday says which day is meant.
WEEK_DAYS = 6


def say_when(
    moment: datetime, *, now: datetime, locale: str, utc_offset_min: int | None = None
) -> str:
    """Return the moment in words.

    Args:
        moment: In the time zone of whoever will be there then.
        now: Any time zone.
        locale: One of LOCALES; English for any other.
        utc_offset_min: Minutes that the reader's clock is ahead of UTC now. Unknown: the moment is
            told in its own time zone, and the zone is named.
    """
    words = words_of(locale)
    babel = babel_locale(locale)
    there = _readers_clock(moment, now, utc_offset_min)
    days = (there.date() - now.astimezone(there.tzinfo).date()).days
    day = "later" if days > WEEK_DAYS else ("today", "tomorrow")[days] if days < 2 else "week"
    said = words[day].format(
        weekday=format_datetime(there, "EEEE", locale=babel),
        date=format_skeleton("MMMMd", there, locale=babel),
        time=format_time(there, words["clock"], locale=babel),
    )
    if utc_offset_min is not None:
        return said
    city = get_timezone_location(there.tzinfo, locale=babel, return_city=True)
    return words["elsewhere"].format(when=said, city=city)


def say_since(begun: datetime, *, now: datetime, locale: str, utc_offset_min: int) -> str:
    """Return a moment gone by in words: the time of day, and the date unless it is today's.

    Args:
        begun: Any time zone.
        now: Any time zone.
        locale: One of LOCALES; English for any other.
        utc_offset_min: Minutes that the reader's clock is ahead of UTC.
    """
    babel, clock = babel_locale(locale), timezone(timedelta(minutes=utc_offset_min))
    there = begun.astimezone(clock)
    words = words_of(locale)
    time = format_time(there, words["clock"], locale=babel)
    if there.date() == now.astimezone(clock).date():
        return time
    date = format_skeleton("MMMMd", there, locale=babel)
    return f"{date}, {time}" if locale in {"en", "ru"} else f"{date} {time}"


def _readers_clock(moment: datetime, now: datetime, utc_offset_min: int | None) -> datetime:
    """Return the moment on the reader's clock.

    Whose clock shows the same as the moment's zone now is taken to be there: an offset alone does
    not know when clocks change.
    """
    here: tzinfo | None = moment.tzinfo
    if utc_offset_min is not None:
        offset = timedelta(minutes=utc_offset_min)
        if now.astimezone(here).utcoffset() != offset:
            here = timezone(offset)
    return moment.astimezone(here)


def words_of(locale: str) -> Mapping[str, str]:
    """Return the words about time of a locale; English for one nobody has written."""
    return _words()[locale if locale in LOCALES else DEFAULT_LOCALE]


@cache
def babel_locale(locale: str) -> Locale:
    """Return what the library of dates knows a locale by."""
    return Locale.parse(locale if locale in LOCALES else DEFAULT_LOCALE, sep="-")


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    loaded: Mapping[str, Mapping[str, str]] = json.loads(
        (files(__package__) / "when.json").read_text("utf-8")
    )
    return loaded
