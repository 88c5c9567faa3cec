"""How long data is kept: what the file may say, and which line is wrong."""

from datetime import datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from handoff_service.errors import RetentionError
from handoff_service.retention.file import find_times, read_times
from handoff_service.retention.times import Kind, Times

ROOT = Path(__file__).resolve().parents[2]


def test_the_project_deletes_nothing_by_itself():
    assert read_times(ROOT / "data/retention.yml") == Times(time(3, 30), {})


def test_days_and_the_time_of_day(tmp_path):
    file = tmp_path / "retention.yml"
    file.write_text('at: "4:05"\nkeep:\n  transcripts: 730\n  logs: 30\n  mails: forever\n')

    assert find_times(file) == Times(time(4, 5), {Kind.TRANSCRIPTS: 730, Kind.LOGS: 30})


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", [":1: expected `keep:` with kinds of data and days"]),
        ('at: "3:30"\n', [":1: keep: missing"]),
        ("keep:\n  logs: 0\n", [":2: logs: '0' is not forever or a number of days 1…36500"]),
        (
            "keep:\n  transcripts: 7\n  audit: 3 years\n",
            [
                ":2: transcripts: '7' is not forever or a number of days 8…36500",
                ":3: audit: '3 years' is not forever or a number of days 30…36500",
            ],
        ),
        ("at: 25:00\nkeep: {logs: 1}\n", [":1: at: '25:00' is no time of day; expected 03:30"]),
        (
            "keep:\n  chats: 1\n",
            [f":2: 'chats' is unknown; expected {', '.join(sorted(Kind))}"],
        ),
        ("keep: [\n", [":2: is not YAML: expected the node content, but found '<stream end>'"]),
    ],
)
def test_each_problem_has_its_line_and_nothing_goes(tmp_path, text, problems):
    file = tmp_path / "retention.yml"
    file.write_text(text)

    with pytest.raises(RetentionError) as refused:
        read_times(file)

    assert refused.value.problems == [f"{file}{problem}" for problem in problems]


def test_a_night_begins_at_its_time_where_the_people_are():
    seoul, at = ZoneInfo("Asia/Seoul"), Times(at=time(3, 30))

    def night(*moment):
        return at.night(round(datetime(*moment, tzinfo=seoul).timestamp() * 1000), seoul)

    assert night(2026, 3, 2, 3, 29, 59) == "2026-03-01"
    assert night(2026, 3, 2, 3, 30) == "2026-03-02"
    assert night(2026, 3, 2, 23, 59) == "2026-03-02"
