"""Reads the day out of the ways in which files and pages state a date."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from email.utils import parsedate_to_datetime

_ISO_DAY = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_PDF_DAY = re.compile(r"(?:D:)?(\d{4})(\d{2})(\d{2})")


def day_of(text: str) -> str:
    """Return the day of an ISO date or time as YYYY-MM-DD; "" when it is none."""
    return _day(_ISO_DAY.match(text))


def day_of_pdf(text: str) -> str:
    """Return the day of a PDF date (D:20260501…); "" when it is none."""
    return _day(_PDF_DAY.match(text.strip()))


def day_of_header(text: str) -> str:
    """Return the day of an HTTP date; "" when it is none."""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (TypeError, ValueError):
        return ""


def day_of_timestamp(seconds: float) -> str:
    """Return the day of a file's time, in UTC."""
    return datetime.fromtimestamp(seconds, tz=timezone.utc).date().isoformat()


def _day(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    try:
        return date(*map(int, match.groups())).isoformat()
    except ValueError:
        return ""
