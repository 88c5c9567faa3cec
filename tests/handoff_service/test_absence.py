"""What a customer reads when nobody is on duty: when people are back, in their words and time."""

import json
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handoff_service.absence import Absence
from handoff_service.conversation import Handoff
from handoff_service.domain import LOCALES
from handoff_service.hours import Hours, Span, Team
from handoff_service.live import Live
from handoff_service.wording import Wording
from handoff_service.wording.when import say_when

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours({"t": Team("t", BERLIN, ((Span(540, 1080),),) * 5 + ((), ()))}, "t")
SUNDAY = datetime(2026, 11, 22, 20, 0, tzinfo=BERLIN)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=BERLIN)
TRIED = tuple({"article_id": f"a{n}", "title": f"T{n}", "url": f"/help/en/a{n}"} for n in range(5))


@pytest.mark.parametrize(
    ("locale", "offset", "said"),
    [
        ("en", 60, "tomorrow (Monday) at 9:00 AM"),
        ("en", None, "tomorrow (Monday) at 9:00 AM (Berlin time)"),
        ("en", -300, "tomorrow (Monday) at 3:00 AM"),
        ("zh-Hans", 480, "今天 16:00"),  # there it is Monday already
        ("zh-Hant", None, "明天（星期一）上午 9:00（柏林時間）"),
        ("zh-Hant", 480, "今天下午 4:00"),
        ("ru", None, "завтра (понедельник) в 9:00 (время: Берлин)"),
        ("ko", 540, "오늘 오후 5:00"),
        ("ko", None, "내일(월요일) 오전 9:00(베를린 시간)"),
        ("fr", 60, "tomorrow (Monday) at 9:00 AM"),
    ],
)
def test_a_moment_in_the_customers_language_and_time(locale, offset, said):
    words = say_when(MONDAY, now=SUNDAY, locale=locale, utc_offset_min=offset)

    assert words.replace("\u202f", " ") == said


@pytest.mark.parametrize(
    ("days", "en", "ru"),
    [
        (0, "today at 9:00 AM", "сегодня в 9:00"),
        (2, "on Wednesday at 9:00 AM", "25 ноября (среда) в 9:00"),
        (6, "on Sunday at 9:00 AM", "29 ноября (воскресенье) в 9:00"),
        (7, "on Monday, November 30, at 9:00 AM", "30 ноября (понедельник) в 9:00"),
        (40, "on Saturday, January 2, at 9:00 AM", "2 января (суббота) в 9:00"),
    ],
)
def test_the_further_away_the_more_exactly_it_is_said(days, en, ru):
    moment, now = MONDAY + timedelta(days=days), MONDAY - timedelta(hours=1)

    for locale, said in (("en", en), ("ru", ru)):
        words = say_when(moment, now=now, locale=locale, utc_offset_min=60)
        assert words.replace("\u202f", " ") == said


def test_whoever_lives_by_the_same_clock_changes_it_too():
    summer = datetime(2026, 10, 24, 20, 0, tzinfo=BERLIN)  # the clocks change this night
    opening = datetime(2026, 10, 26, 9, 0, tzinfo=BERLIN)

    same = say_when(opening, now=summer, locale="ru", utc_offset_min=120)

    assert same == "26 октября (понедельник) в 9:00"


def absence(handoff, *, language="en", now=SUNDAY, hours=OFFICE):
    words = Absence(Wording.load(), Live(hours)).of(
        handoff, language=language, now_ms=int(now.timestamp() * 1000), utc_offset_min=60
    )
    said = json.loads(words)
    return said["text"], json.loads(f"{{{said['fields']}}}"), json.loads(said["left"] or "null")


@pytest.mark.parametrize("locale", LOCALES)
def test_outside_the_hours_the_sentence_says_when_people_are_back(locale):
    text, fields, left = absence(Handoff("asked", "", locale), language=locale)

    when = say_when(MONDAY, now=SUNDAY, locale=locale, utc_offset_min=60)
    assert when in text and "{" not in text
    assert fields == {"back_at_ms": int(MONDAY.timestamp() * 1000)}
    assert left is None


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("hours", [OFFICE, Hours.always()])
def test_within_the_hours_everybody_is_busy(locale, hours):
    text, fields, _ = absence(
        Handoff("asked", "", locale), language=locale, now=MONDAY, hours=hours
    )

    assert text.startswith(Wording.load().sentence("handoff.nobody", locale))
    assert fields == {}


def test_articles_that_were_shown_are_offered_again_the_latest_first():
    _, fields, _ = absence(Handoff("asked", "", "en", tried=TRIED))

    assert fields["articles"] == [{"title": f"T{n}", "url": f"/help/en/a{n}"} for n in (4, 3, 2)]


def test_a_contact_makes_it_a_message_and_nobody_is_asked_for_one_again():
    text, _, left = absence(Handoff("asked", "", "en", contact="me@example.org"))

    assert left["contact"] == "me@example.org" and left["text"]
    assert "leave a message" not in text
