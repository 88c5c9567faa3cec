"""Days, hours and business hours where clocks are changed: worked out by hand."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from handoff_service.hours import Days, Span, Team
from handoff_service.reports.periods import DAY_MS, HOUR_MS, Clocks, OpenTime, day_name, days_of

WEEK = ((Span(540, 1080),),) * 7  # 9:00 to 18:00


def at(text, zone, fold=0):
    return round(
        datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).timestamp() * 1000
    )


#: Zone, a day on which its clocks are changed (or none), how many hours that day has.
CHANGES = [
    ("Europe/Berlin", "2026-03-29", 23),
    ("Europe/Berlin", "2026-10-25", 25),
    ("America/New_York", "2026-03-08", 23),
    ("America/New_York", "2026-11-01", 25),
    ("Asia/Seoul", "2026-03-29", 24),
    ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ("Australia/Lord_Howe", "2026-10-04", 23.5),
    ("Asia/Kathmandu", "2026-10-25", 24),
]


@pytest.mark.parametrize(("zone", "day", "hours"), CHANGES)
def test_a_day_is_as_long_as_its_clocks_say(zone, day, hours):
    start = at(f"{day}T00:00", zone)
    from_ms, to_ms = start - 2 * DAY_MS, start + 3 * DAY_MS
    clocks = Clocks.of(ZoneInfo(zone), from_ms, to_ms)

    minutes = np.arange(from_ms, to_ms, 60_000)
    names = [day_name(number) for number in days_of(clocks.local(minutes)).tolist()]

    assert names.count(day) == hours * 60
    assert names == [
        datetime.fromtimestamp(ms / 1000, ZoneInfo(zone)).date().isoformat()
        for ms in minutes.tolist()
    ]
    edges = clocks.edges(DAY_MS, from_ms, to_ms)
    assert {start, start + round(hours * HOUR_MS)} <= set(edges.tolist())


@pytest.mark.parametrize(
    ("zone", "start", "end", "hours"),
    [
        # Over the night in which clocks change, the hours of duty are as many as on any day.
        ("Europe/Berlin", "2026-03-28T12:00", "2026-03-29T12:00", 9),
        ("Europe/Berlin", "2026-10-24T17:00", "2026-10-25T10:00", 2),
        ("America/New_York", "2026-10-31T17:30", "2026-11-01T09:30", 1),
        ("Australia/Lord_Howe", "2026-04-04T17:00", "2026-04-05T09:30", 1.5),
        ("Asia/Seoul", "2026-03-28T20:00", "2026-03-29T08:00", 0),
    ],
)
def test_only_hours_of_duty_count(zone, start, end, hours):
    team = Team("office", ZoneInfo(zone), WEEK)
    begin, finish = np.array([at(start, zone)]), np.array([at(end, zone)])

    between = OpenTime(team, int(begin[0]), int(finish[0])).between(begin, finish)

    assert between.tolist() == [hours * HOUR_MS]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 3), ("2026-10-25", 5)])
def test_a_duty_at_night_is_shorter_or_longer_when_clocks_change(day, hours):
    team = Team("night", ZoneInfo("Europe/Berlin"), ((Span(60, 300),),) * 7)  # 1:00 to 5:00
    begin = at(f"{day}T00:00", "Europe/Berlin")

    between = OpenTime(team, begin, begin + DAY_MS).between(
        np.array([begin]), np.array([begin + 12 * HOUR_MS])
    )

    assert between.tolist() == [hours * HOUR_MS]


def test_a_holiday_is_no_time_to_answer_in():
    days = Days((2026, 12, 25), (2026, 12, 26))
    team = Team("office", ZoneInfo("Europe/Berlin"), WEEK, special=((days, ()),))
    begin, finish = (at(f"2026-12-{day}T17:00", "Europe/Berlin") for day in (24, 27))

    between = OpenTime(team, begin, finish).between(np.array([begin]), np.array([finish]))

    assert between.tolist() == [9 * HOUR_MS]
