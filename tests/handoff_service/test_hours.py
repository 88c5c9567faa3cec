"""When a team is on duty, through clock changes, nights, holidays and both sides of the world."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from handoff_service.hours import Days, Hours, Span, Team

DAY = (Span(9 * 60, 18 * 60),)
WEEKDAYS = (DAY,) * 5 + ((), ())
NIGHTS = ((Span(22 * 60, 30 * 60),),) * 7


def team(zone="Europe/Berlin", week=WEEKDAYS, special=()):
    return Team("t", ZoneInfo(zone), week, special)


def ms(text, zone="Europe/Berlin", fold=0):
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp() * 1000)


def opens(who, text, **how):
    """Return the next opening on the team's own clock."""
    return who.opens_next(ms(text, str(who.zone), **how)).strftime("%a %d.%m. %H:%M")


@pytest.mark.parametrize(
    ("now", "is_open", "opens_next"),
    [
        ("2026-11-23T08:59:59", False, "Mon 23.11. 09:00"),
        ("2026-11-23T09:00:00", True, "Tue 24.11. 09:00"),
        ("2026-11-23T17:59:59", True, "Tue 24.11. 09:00"),
        ("2026-11-23T18:00:00", False, "Tue 24.11. 09:00"),
        ("2026-11-27T18:00:00", False, "Mon 30.11. 09:00"),  # Friday evening
        ("2026-11-29T12:00:00", False, "Mon 30.11. 09:00"),
    ],
)
def test_an_office_week(now, is_open, opens_next):
    assert team().is_open(ms(now)) is is_open
    assert opens(team(), now) == opens_next


def test_lunch_is_a_break():
    who = team(week=((Span(540, 720), Span(780, 1080)),) * 7)

    assert not who.is_open(ms("2026-11-23T12:30:00"))
    assert opens(who, "2026-11-23T12:30:00") == "Mon 23.11. 13:00"
    assert opens(who, "2026-11-23T10:00:00") == "Mon 23.11. 13:00"


def test_a_night_shift_ends_on_the_next_day():
    who = team(week=NIGHTS)

    assert who.is_open(ms("2026-11-23T23:00:00")) and who.is_open(ms("2026-11-24T05:59:00"))
    assert not who.is_open(ms("2026-11-24T06:00:00"))
    assert opens(who, "2026-11-24T06:00:00") == "Tue 24.11. 22:00"


def test_shifts_that_touch_are_one():
    who = team(week=((Span(0, 720), Span(720, 1440)),) * 5 + ((), ()))

    assert opens(who, "2026-11-23T10:00:00") == "Mon 30.11. 00:00"


def test_always_and_never():
    always, never = Hours.always(), team(week=((),) * 7)

    assert always.back_at("x", now_ms=0) is None
    assert always.team_for("x").is_open(0) and always.team_for("x").opens_next(0) is None
    assert not never.is_open(0) and never.opens_next(0) is None
    assert Hours({"t": never}, "t").back_at("x", now_ms=0) is None


def days(first, last=None):
    parts = [tuple(map(int, text.split("-"))) for text in (first, last or first)]
    return Days(*(part if len(part) == 3 else (0, *part) for part in parts))


@pytest.mark.parametrize(
    ("special", "now", "opens_next"),
    [
        (((days("12-24", "12-26"), ()),), "2026-12-23T19:00:00", "Mon 28.12. 09:00"),
        (((days("2026-12-24", "2027-01-03"), ()),), "2026-12-23T19:00:00", "Mon 04.01. 09:00"),
        (((days("12-28", "01-05"), ()),), "2026-12-25T19:00:00", "Wed 06.01. 09:00"),
        (((days("12-28", "01-05"), ()),), "2027-01-02T19:00:00", "Wed 06.01. 09:00"),
        (((days("12-24"), (Span(540, 720),)),), "2026-12-24T12:00:00", "Fri 25.12. 09:00"),
        (((days("2026-11-28"), DAY),), "2026-11-27T19:00:00", "Sat 28.11. 09:00"),  # extra
        # the more exact first, as the reader of the file puts them
        (((days("2026-12-24"), DAY), (days("12-24"), ())), "2026-12-23T19:00:00",
         "Thu 24.12. 09:00"),
    ],
)  # fmt: skip
def test_special_days(special, now, opens_next):
    assert opens(team(special=special), now) == opens_next


def test_a_night_that_began_before_a_holiday_is_worked_to_its_end():
    who = team(week=NIGHTS, special=((days("01-01"), ()),))

    assert who.is_open(ms("2027-01-01T05:00:00"))
    assert not who.is_open(ms("2027-01-01T23:00:00"))
    assert opens(who, "2027-01-01T06:00:00") == "Sat 02.01. 22:00"


def test_an_opening_in_the_hour_that_spring_skips_is_an_hour_later():
    who = team(week=((Span(150, 600),),) * 7)  # 2:30; on 29 March 2:00 becomes 3:00

    assert opens(who, "2026-03-29T01:00:00") == "Sun 29.03. 03:30"
    assert opens(who, "2026-03-30T01:00:00") == "Mon 30.03. 02:30"


def test_an_hour_that_autumn_shows_twice_is_worked_twice():
    who = team(week=((Span(60, 150),),) * 7)  # to 2:30; on 25 October 3:00 becomes 2:00

    assert who.is_open(ms("2026-10-25T02:20:00", fold=0))
    assert who.is_open(ms("2026-10-25T02:40:00", fold=0))  # between the two half past two
    assert who.is_open(ms("2026-10-25T02:20:00", fold=1))
    assert not who.is_open(ms("2026-10-25T02:40:00", fold=1))


def test_hours_follow_the_wall_clock_over_the_change():
    before, after = (team().opens_next(ms(day)) for day in ("2026-03-27T08:00", "2026-03-30T08:00"))

    assert (before.hour, after.hour) == (9, 9)
    assert before.utcoffset() != after.utcoffset()


def test_korea_has_no_summer_time():
    seoul = team("Asia/Seoul")
    openings = [
        seoul.opens_next(ms(f"2026-{month:02}-02T00:00", "Asia/Seoul")) for month in range(1, 13)
    ]

    assert {moment.astimezone(UTC).hour for moment in openings} == {0}


def test_a_topic_goes_by_its_own_teams_hours():
    billing = Team("billing", ZoneInfo("Asia/Seoul"), WEEKDAYS, (), frozenset({"ask_billing"}))
    hours = Hours({"support": team(), "billing": billing}, "support")
    now = ms("2026-11-23T01:00:00", "Asia/Seoul")

    assert hours.back_at("ask_billing", now_ms=now).astimezone(UTC).hour == 0
    assert hours.back_at("ask_order", now_ms=now).astimezone(UTC).hour == 8


spans = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).map(lambda p: Span(p[0], p[0] + p[1]))
weeks = st.lists(st.lists(spans, max_size=2).map(tuple), min_size=7, max_size=7).map(tuple)
zones = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Seoul", "America/New_York", "Australia/Lord_Howe",
     "Asia/Kathmandu", "Africa/Casablanca", "America/Sao_Paulo"]
)  # fmt: skip
moments = st.integers(ms("2026-01-01T00:00"), ms("2027-12-31T00:00")).map(
    lambda at: at - at % 60_000
)


@given(weeks, zones, moments)
def test_the_next_opening_is_the_first_moment_on_duty_after_now(week, zone, now):
    who = team(zone, week)

    opening = who.opens_next(now)

    if opening is None:
        return
    at = int(opening.timestamp() * 1000)
    assert at > now and who.is_open(at) and not who.is_open(at - 1)
    if not who.is_open(now):  # closed all the way there
        step = max((at - now) // 40, 60_000)
        assert not any(who.is_open(moment) for moment in range(now, at, step))


@given(weeks, zones, moments)
def test_whoever_works_at_all_is_on_duty_or_comes_back(week, zone, now):
    who = team(zone, week)
    works = any(week)

    assert (who.is_open(now) or who.opens_next(now) is not None) == works


@given(weeks, moments)
def test_without_clock_changes_a_week_later_is_the_same(week, now):
    who = team("Asia/Seoul", week)
    later = now + 7 * 86_400_000

    assert who.is_open(now) == who.is_open(later)
    first, second = who.opens_next(now), who.opens_next(later)
    assert (first is None) == (second is None)
    assert first is None or second - first == timedelta(days=7)


@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_a_yearly_range_over_new_year_and_its_rest_share_the_year(day):
    winter, rest = days("11-15", "02-10"), days("02-11", "11-14")

    assert winter.hold(day) != rest.hold(day)
