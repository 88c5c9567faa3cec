"""`baton report`, as a person calls it."""

import asyncio
import json

import pytest
from click.testing import CliRunner

from baton.cli import main
from handoff_service.archive.database import open_database
from handoff_service.archive.history import record
from tests.handoff_service.archive.talks import T0, whole


@pytest.fixture
def history(tmp_path):
    """A data folder with the history of two conversations of one day."""

    async def fill():
        database = await open_database(f"sqlite+aiosqlite:///{tmp_path}/baton.db")
        for name in ("c_1", "c_2"):
            await record(database, whole(name, T0).events)
        await database.close()

    asyncio.run(fill())
    return tmp_path


def call(*words):
    return CliRunner().invoke(main, ["report", *words])


def test_past_numbers_come_from_the_events_and_everything_can_be_counted_anew(history):
    about = ("--from", "2026-05-01", "--to", "2026-06-30", "--data", str(history))

    told = call(*about, "--tz", "Asia/Seoul", "--by", "language", "--json")
    read = call(*about)
    counted = call("rebuild", "--data", str(history))

    numbers = json.loads(told.stdout)
    assert numbers["total"]["handled"] == {"value": 2, "count": 2, "parts": {"closed": 2}}
    assert [group["key"] for group in numbers["groups"]] == ["ko"]
    assert "handoff_rate" in read.output
    assert "2 conversations counted anew" in counted.output


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "--from and --to are needed"),
        (("--from", "2026-05-02", "--to", "2026-05-01"), "after --from"),
        (("--from", "2026-05-01", "--to", "2026-05-02", "--tz", "Mars"), "no time zone"),
        (("--from", "2026-05-01", "--to", "2026-05-02", "--filter", "mood:good"), "language|site"),
    ],
)
def test_wrong_use_is_named_with_what_is_expected(tmp_path, words, told):
    result = call(*words, "--data", str(tmp_path))

    assert result.exit_code == 2
    assert told in result.output


def test_a_folder_without_a_history_is_not_made(tmp_path):
    result = call("--from", "2026-05-01", "--to", "2026-05-02", "--data", str(tmp_path))

    assert (result.exit_code, list(tmp_path.iterdir())) == (2, [])
