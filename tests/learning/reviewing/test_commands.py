"""The queue in scripts: one line lists it, one line decides."""

import asyncio
import json
import shutil

import pytest
from click.testing import CliRunner

from baton.commands.learn import group as learn
from handoff_service.archive.database import open_database
from tests.handoff_service.archive.reviewed import group, keep, turn


@pytest.fixture
def url(tmp_path, empty_history):
    file = tmp_path / "baton.db"
    shutil.copy(empty_history, file)

    async def fill():
        database = await open_database(f"sqlite+aiosqlite:///{file}")
        await keep(database, [turn("c_1", 2, "money back", vote=-1), turn("c_1", 4, "blue hub?")])
        ids = await group(database, "money back", score=2.0), await group(database, "blue hub?")
        await database.close()
        return ids

    return f"sqlite+aiosqlite:///{file}", asyncio.run(fill())


def call(url, *args):
    return CliRunner().invoke(learn, [*args, "--sql-url", url])


def test_a_script_lists_decides_and_lists_again(url):
    where, (refund, hub) = url

    listed = json.loads(call(where, "queue", "--json").stdout)
    assert [each["group_id"] for each in listed["groups"]] == [refund, hub]
    assert listed["groups"][0]["example"]["vote"] == -1
    assert "money back" in call(where, "queue", "--limit", "1").stdout

    done = call(where, "decide", str(refund), "intent", "--intent", "ask_refund", "--json")
    assert json.loads(done.stdout)["state"] == "decided"
    assert json.loads(call(where, "queue", "--json").stdout)["open"] == 1


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["decide", "1", "intent"], 2, "--intent NAME"),
        (["decide", "1", "maybe"], 2, "maybe"),
        (["decide", "1", "spam", "--without", "999"], 2, "--without"),
        (["decide", "999", "spam"], 1, "baton learn queue"),
        (["queue", "--after", "x"], 2, "--after"),
    ],
)
def test_mistakes_are_named_with_the_remedy(url, args, code, says):
    done = call(url[0], *args)

    assert (done.exit_code, says in done.stderr) == (code, True), done.output
