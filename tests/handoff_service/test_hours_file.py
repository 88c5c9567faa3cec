"""The file of business hours: what it may say, and how each mistake is told."""

import contextlib
import re
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from handoff_service.errors import HoursError
from handoff_service.hours import Days, Hours, Span
from handoff_service.hours_file import find_hours, read_hours

ROOT = Path(__file__).resolve().parents[2]
GOOD = """\
default: support
teams:
  support:
    zone: Europe/Berlin
    hours:
      mon-thu: 09:00-12:30, 13:00-18:00
      fri: 9:00-15:00
      sat-sun: closed
    special_days:
      12-24..01-01: closed
      2026-12-24: 09:00-12:00
      12-31: 10:00-11:00
  night:
    zone: Asia/Seoul
    hours: {sun-mon: 22:00-06:00, tue: 00:00-24:00}
    topics: [ask_billing]
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        file = tmp_path / "hours.yml"
        file.write_text(text, "utf-8")
        return file

    return write


def test_what_a_file_may_say(written):
    hours = read_hours(written(GOOD))

    support, night = hours.teams["support"], hours.teams["night"]
    assert hours.team_for("ask_billing") is night
    assert hours.team_for("anything") is support
    assert support.week[0] == support.week[3] == (Span(540, 750), Span(780, 1080))
    assert (support.week[4], support.week[5:]) == ((Span(540, 900),), ((), ()))
    assert night.week[0] == night.week[6] == (Span(1320, 1800),)
    assert night.week[1] == (Span(0, 1440),)
    assert [days for days, _ in support.special] == [  # the more exact first
        Days((2026, 12, 24), (2026, 12, 24)), Days((0, 12, 31), (0, 12, 31)),
        Days((0, 12, 24), (0, 1, 1)),
    ]  # fmt: skip


def test_a_single_team_is_the_default(written):
    text = "teams: {all: {zone: UTC, hours: {mon: '09:00-10:00'}}}"

    assert read_hours(written(text)).team_for("").name == "all"


def test_the_projects_own_file_can_be_read():
    assert find_hours(ROOT / "data" / "business_hours.yml").team_for("").zone.key == "Europe/Berlin"


def test_without_a_file_somebody_may_always_be_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert find_hours(None) == Hours.always()


def test_a_chosen_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(HoursError, match=r"none\.yml: cannot be read"):
        find_hours(tmp_path / "none.yml")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("default: support", "default: sales", 1, "no team 'sales'"),
        ("default: support", "", 2, "default: missing"),
        ("Europe/Berlin", "Europe/Berln", 4, "no time zone"),
        ("Europe/Berlin", "../etc/passwd", 4, "no time zone"),
        ("mon-thu", "mon-thr", 6, "no day"),
        ("fri: 9", "thu: 9", 7, "thu has its hours already"),
        ("sat-sun: closed", "fri: closed", 8, "stands here twice"),
        ("9:00-15:00", "9-15", 7, "no hours"),
        ("9:00-15:00", "9:00-24:30", 7, "no hours"),
        ("9:00-15:00", "9:60-10:00", 7, "no hours"),
        ("9:00-15:00", "9:00-9:00", 7, "no hours"),
        ("9:00-15:00", "[9]", 7, "plain text"),
        ("12-31", "2026-02-29", 12, "no date"),
        ("12-24..01-01", "2026-12-24..01-01", 10, "no date"),
        ("12-24..01-01", "2027-01-01..2026-12-24", 10, "no date"),
        ("topics: [ask_billing]", "topic: [ask_billing]", 16, "'topic' is unknown"),
        ("topics: [ask_billing]", "topics: ask_billing", 16, "a list"),
        ("zone: Asia/Seoul", "topics: [x]", 14, "zone: missing"),
        ("  night:\n    zone: Asia/Seoul", "    topics: [ask_billing]\n  night:\n    zone: UTC", 3,
         "'ask_billing' belongs to support and night"),
        ("teams:", "teams: [", 4, "not YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(written, old, new, line, told):
    assert old in GOOD
    file = written(GOOD.replace(old, new, 1))

    with pytest.raises(HoursError) as refused:
        read_hours(file)

    assert any(
        problem.startswith(f"{file}:{line}: ") and told in problem
        for problem in refused.value.problems
    ), refused.value.problems


def test_all_mistakes_are_told_at_once_in_their_order(written):
    file = written(
        GOOD.replace("Berlin", "Berln").replace("mon-thu", "mun").replace("12-31", "13-1")
    )

    with pytest.raises(HoursError) as refused:
        read_hours(file)

    assert [int(problem.split(":")[1]) for problem in refused.value.problems] == [4, 6, 12]


words = st.sampled_from(
    ["default", "teams", "zone", "hours", "special_days", "topics", "mon", "mon-fri", "12-24",
     "UTC", "09:00-18:00", "closed", "", "- ", "? [a]", "{", "}", "[", "]", ": ", ", ", "\n",
     "\n  ",
     "\n    ", "'", "&a", "*a", "\x00", "x"]
)  # fmt: skip


PARTS = re.split(r"(\W)", GOOD)
places = st.integers(0, len(PARTS) - 1)


@given(st.dictionaries(places, words, max_size=4))
def test_whatever_is_written_is_read_or_refused(tmp_path_factory, changes):
    file = tmp_path_factory.getbasetemp() / "any.yml"
    parts = [changes.get(number, part) for number, part in enumerate(PARTS)]
    file.write_text("".join(parts), "utf-8")

    with contextlib.suppress(HoursError):
        read_hours(file)


@pytest.mark.parametrize(
    "text", ["", "teams:", "[]", "teams: {}", "teams: {a: }", "x", "\x01", "? [a]\n: 1"]
)
def test_what_is_no_such_file_is_refused(written, text):
    with pytest.raises(HoursError):
        read_hours(written(text))
