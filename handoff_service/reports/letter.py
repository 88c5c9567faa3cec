"""What a regular report says: each number, its change, and how many cases it is made of. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit

from handoff_service.document import Document, Part
from handoff_service.wording.when import babel_locale

#: The words of the page of reports, which an e-mail uses too.
_WORDS = files("handoff_service") / "web" / "shared" / "locales" / "reports"


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a report."""

    title_key: str
    unit: str  #: ratio, ms, count or score
    value: float | None
    before: float | None
    count: int


def report_document(
    lines: Sequence[Line],
    *,
    locale: str,
    tz: ZoneInfo,
    from_ms: int,
    to_ms: int,
    filters: Sequence[str],
    url: str,
) -> Document:
    """Return the e-mail about the time from `from_ms` until `to_ms`, with the way to the page."""
    words, spoken = _words(locale), babel_locale(locale)
    first, last = (_date(ms, tz, spoken) for ms in (from_ms, to_ms - 1))
    days = first if first == last else f"{first} – {last}"
    named = [Part(f"{words['narrowed']}: {', '.join(filters)}")] if filters else []
    told = [Part(_sentence(line, words, spoken), who=words[line.title_key]) for line in lines]
    parts = (*named, *told, Part(words["mail_page"], url=url))
    return Document(f"{words['title']}: {days}", locale, parts)


def figure_text(value: float | None, unit: str, locale: Locale) -> str:
    """Write a number with its unit as people of the language do."""
    if value is None:
        return "–"
    if unit == "ratio":
        return str(format_percent(value, "#,##0.#%", locale=locale))
    if unit == "ms":
        return _duration(value / 1000, locale)
    return str(format_decimal(value, "#,##0.##" if unit == "score" else "#,##0.#", locale=locale))


def _duration(seconds: float, locale: Locale) -> str:
    """Write a time with two units at most."""
    if (whole := round(seconds)) < 60:
        return _unit(round(seconds, 1) if seconds < 10 else whole, "second", locale)
    if whole < 3_600:
        return _two(whole, 60, ("minute", "second"), locale)
    if (minutes := round(seconds / 60)) < 1_440:
        return _two(minutes, 60, ("hour", "minute"), locale)
    return _two(round(seconds / 3_600), 24, ("day", "hour"), locale)


def _two(total: int, size: int, names: tuple[str, str], locale: Locale) -> str:
    counts = zip(divmod(total, size), names, strict=True)
    return " ".join(_unit(count, name, locale) for count, name in counts if count)


def _unit(count: float, name: str, locale: Locale) -> str:
    return str(format_unit(count, f"duration-{name}", length="short", locale=locale))


def _sentence(line: Line, words: Mapping[str, str], locale: Locale) -> str:
    now = figure_text(line.value, line.unit, locale)
    before = figure_text(line.before, line.unit, locale)
    count = format_decimal(line.count, locale=locale)
    return words["mail_line"].format(now=now, before=before, count=count)


def _date(at_ms: int, tz: ZoneInfo, locale: Locale) -> str:
    return str(format_date(datetime.fromtimestamp(at_ms / 1000, tz).date(), "long", locale=locale))


@cache
def _words(locale: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((_WORDS / f"{locale}.json").read_text("utf-8"))
    return read
