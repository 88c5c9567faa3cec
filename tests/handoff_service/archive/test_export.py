"""`baton transcripts export` and `baton account`, run as processes on the database alone."""

import asyncio
import json
import sys
from datetime import datetime, timezone

import pytest

from handoff_service.archive.history import record
from handoff_service.archive.transcripts import PAGE, closed_transcripts
from tests.handoff_service.archive.talks import T0, Talk, whole


async def baton(*words):
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "baton", *words,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()


async def test_an_export_is_what_was_said(database, sql_url, tmp_path):
    talks = [whole("c_a"), whole("c_b", T0 + 86_400_000)]
    open_talk = Talk("c_open").add("conversation.started", customer_id="u", locale="en")
    await record(database, [e for t in (*talks, open_talk) for e in t.events])
    file = tmp_path / "out.jsonl"

    code, out, err = await baton(
        "transcripts", "export", "--since", "2026-01-01", "--sql-url", sql_url, "--out", str(file)
    )

    assert (code, out) == (0, ""), err
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert [line["id"] for line in lines] == ["c_a", "c_b"]
    for line, talk in zip(lines, talks, strict=True):
        assert line["events"] == [event.to_json() for event in talk.events]
        assert [m["text"] for m in line["messages"]] == [
            "허브가 고장났어요",
            "Which one?",
            "안녕하세요",
        ]
        assert [m["author"] for m in line["messages"]] == ["customer", "bot", "agent"]
        expected = {
            "customer": "u_1", "language": "ko", "reason": "technical_issue", "agent": "Ann",
            "stars": 4, "comment": "좋아요", "disposition": "solved",
            "started_ms": talk.events[0].at_ms, "closed_ms": talk.events[-1].at_ms,
        }  # fmt: skip
        assert {name: line[name] for name in expected} == expected
    assert list(tmp_path.glob(".out*")) == []


async def test_an_export_begins_at_its_date(database, sql_url):
    early, late = whole("c_early"), whole("c_late", T0 + 5 * 86_400_000)
    await record(database, [*early.events, *late.events])
    day = datetime.fromtimestamp(T0 / 1000 + 2 * 86_400, timezone.utc).strftime("%Y-%m-%d")

    code, out, _ = await baton("transcripts", "export", "--since", day, "--sql-url", sql_url)

    assert code == 0
    assert [json.loads(line)["id"] for line in out.splitlines()] == ["c_late"]


async def test_pages_lose_nobody_even_when_all_closed_at_once(database):
    talks = [whole(f"c_{n:04}") for n in range(2 * PAGE + 3)]
    await record(database, [event for talk in talks for event in talk.events])

    found = [t.record.conversation_id async for t in closed_transcripts(database, since_ms=0)]

    assert found == [talk.id for talk in talks]


async def test_wrong_use_is_told_with_the_remedy(tmp_path):
    code, _, err = await baton(
        "transcripts", "export", "--since", "2026-01-01", "--data", str(tmp_path / "none")
    )
    assert code == 2
    assert "--data" in err

    code, _, err = await baton("transcripts", "export", "--since", "yesterday")
    assert code == 2
    assert "yesterday" in err


async def test_an_account_made_on_the_command_line_can_sign_in(database, sql_url):
    from handoff_service.archive.sign_in import check_password

    words = ("account", "create", "--login", "ann", "--name", "Ann", "--language", "ko")
    code, out, err = await baton(*words, "--sql-url", sql_url, "--json")
    again = await baton(*words, "--sql-url", sql_url)

    made = json.loads(out)
    assert (code, made["languages"], made["role"]) == (0, ["ko"], "agent"), err
    assert again[0] == 2
    assert "another account has the login 'ann'" in again[2]
    signed_in = await check_password(
        database, "ann", password=made["password"], origin="", now_ms=T0, failures_per_minute=5
    )
    assert signed_in.account.account_id == made["account_id"]
    listed = await baton("account", "list", "--sql-url", sql_url, "--json")
    assert [account["login"] for account in json.loads(listed[1])] == ["ann"]


async def test_skills_and_teams_are_given_and_changed_on_the_command_line(database, sql_url):
    async def account(*words):
        code, out, err = await baton("account", *words, "--json", "--sql-url", sql_url)
        assert code == 0, err
        return json.loads(out)

    words = ("create", "--login", "ann", "--name", "Ann", "--skill", "billing:3,setup")
    made = await account(*words, "--team", "returns", "--team", "vip")
    skilled = await account("update", "--login", "ann", "--skill", "hubs:5")
    bare = await account("update", "--login", "ann", "--no-skills", "--no-teams", "--capacity", "2")
    listed = await account("list")

    assert (made["skills"], made["teams"]) == ({"billing": 3, "setup": 1}, ["returns", "vip"])
    assert (skilled["skills"], skilled["teams"]) == ({"hubs": 5}, ["returns", "vip"])
    assert (bare["skills"], bare["teams"], bare["capacity"], bare["name"]) == ({}, [], 2, "Ann")
    assert [each["account_id"] for each in listed] == [made["account_id"]]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--skill", "billing:high"), "skill: NAME or NAME:LEVEL"),
        (("--skill", "billing:9"), "skill: a level from 1 to 5"),
        (("--skill", "Bill ing"), "skill: 1 to 40 of a-z"),
        (("--team", "Ünder"), "team: 1 to 40 of a-z"),
        (("--skill", "a", "--no-skills"), "exclude each other"),
        (("--capacity", "0"), "capacity: a whole number from 1"),
        ((), "nothing to change"),
        (("--name", "Jo"), "no account has the login 'nobody'"),
    ],
)
async def test_a_change_that_cannot_be_is_refused_by_field(database, sql_url, words, told):
    code, _, err = await baton(
        "account", "update", "--login", "nobody", *words, "--sql-url", sql_url
    )

    assert (code, told in err, "Traceback" in err) == (2, True, False), err
