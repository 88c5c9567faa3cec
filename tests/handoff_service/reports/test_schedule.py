"""Regular reports are due at the hour of the clock on the wall, and are about whole days."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from handoff_service.reports.schedule import Every, next_due_ms, period_ms

BERLIN = ZoneInfo("Europe/Berlin")
HOUR_MS = 3_600_000
ZONES = [
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Asia/Seoul", "Australia/Lord_Howe")
]


def at(*moment, tz=BERLIN):
    return int(datetime(*moment, tzinfo=tz).timestamp() * 1000)


@pytest.mark.parametrize(
    ("every", "due"),
    [
        (Every.DAY, at(2026, 11, 19, 7)),
        (Every.WEEK, at(2026, 11, 23, 7)),
        (Every.MONTH, at(2026, 12, 1, 7)),
    ],
)
def test_the_next_one_is_due_at_its_hour(every, due):
    assert next_due_ms(every, hour=7, tz=BERLIN, after_ms=at(2026, 11, 18, 7)) == due


@pytest.mark.parametrize(
    ("every", "due", "period"),
    [
        (Every.DAY, at(2026, 3, 30, 7), (at(2026, 3, 29), at(2026, 3, 30))),
        (Every.WEEK, at(2026, 10, 26, 7), (at(2026, 10, 19), at(2026, 10, 26))),
        (Every.MONTH, at(2027, 1, 1, 0), (at(2026, 12, 1), at(2027, 1, 1))),
    ],
)
def test_it_is_about_the_whole_time_before(every, due, period):
    assert period_ms(every, due_ms=due, tz=BERLIN) == period


def test_days_on_which_the_clock_is_changed_are_shorter_and_longer():
    spring = period_ms(Every.DAY, due_ms=at(2026, 3, 30, 7), tz=BERLIN)
    autumn = period_ms(Every.DAY, due_ms=at(2026, 10, 26, 7), tz=BERLIN)

    assert spring[1] - spring[0] == 23 * HOUR_MS
    assert autumn[1] - autumn[0] == 25 * HOUR_MS


@given(
    st.sampled_from(Every),
    st.integers(0, 23),
    st.sampled_from(ZONES),
    st.integers(at(2025, 1, 1), at(2028, 1, 1)),
)
def test_each_period_begins_where_the_one_before_ended(every, hour, tz, after_ms):
    first = next_due_ms(every, hour=hour, tz=tz, after_ms=after_ms)
    second = next_due_ms(every, hour=hour, tz=tz, after_ms=first)

    assert after_ms < first < second
    assert period_ms(every, due_ms=first, tz=tz)[1] == period_ms(every, due_ms=second, tz=tz)[0]
    assert period_ms(every, due_ms=first, tz=tz)[1] <= first
