"""Regular reports read well in every language."""

import json
from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from handoff_service.domain import LOCALES
from handoff_service.reports.letter import Line, figure_text, report_document

BERLIN = ZoneInfo("Europe/Berlin")


def ms(*moment):
    return int(datetime(*moment, tzinfo=BERLIN).timestamp() * 1000)


def words(locale):
    folder = files("handoff_service") / "web/shared/locales/reports"
    return json.loads((folder / f"{locale}.json").read_text("utf-8"))


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.4567, "ratio", "45.7%"),
        (4_230, "ms", "4.2 sec"),
        (59_700, "ms", "1 min"),
        (130_000, "ms", "2 min 10 sec"),
        (3_600_000, "ms", "1 hr"),
        (90_000_000, "ms", "1 day 1 hr"),
        (12_345, "count", "12,345"),
        (4.4567, "score", "4.46"),
        (None, "ms", "–"),
    ],
)
def test_numbers_are_written_with_their_unit(value, unit, text):
    assert figure_text(value, unit, Locale("en")) == text


@pytest.mark.parametrize("locale", LOCALES)
def test_a_week_is_told_in_the_readers_language(locale):
    document = report_document(
        [
            Line("metric_csat", "score", 4.5, 4.25, 1_204),
            Line("metric_wait_p50", "ms", 61_000, None, 3),
        ],
        locale=locale,
        tz=BERLIN,
        from_ms=ms(2026, 10, 19),
        to_ms=ms(2026, 10, 26),
        filters=["language:ru"],
        url="https://help.example/console#/reports",
    )

    spoken = words(locale)
    assert document.title.startswith(f"{spoken['title']}: ")
    assert all(day in document.title for day in ("19", "25", "2026"))
    assert "26" not in document.title.replace("2026", "")
    text = document.as_text()
    assert "language:ru" in text
    assert figure_text(4.5, "score", Locale.parse(locale, sep="-")) in text
    assert "–" in text
    assert text.rstrip().endswith("https://help.example/console#/reports")
    assert "{" not in text
