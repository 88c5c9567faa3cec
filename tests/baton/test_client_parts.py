import asyncio
import json

import pytest
from click.testing import CliRunner

from baton.cli import main
from baton.client.address import DEFAULT_URL, find_secret, find_url
from baton.client.changes import Changes
from baton.client.errors import NotInTime, NotReachable, Refused
from baton.client.phrases import LOCALES, phrases
from baton.client.questions import ROOT, read_questions
from baton.client.report import Failed, Report, expect
from baton.launcher.system import free_port


async def test_a_waiter_is_woken_by_the_change_it_waits_for():
    changes, found = Changes(), []
    waiting = asyncio.create_task(
        changes.until(lambda: found[0] if found else None, what="thing", deadline_s=5)
    )
    await asyncio.sleep(0)
    changes.notify()  # not yet: it goes on waiting
    await asyncio.sleep(0)
    found.append("here")

    changes.notify()

    assert await waiting == "here"


async def test_what_does_not_come_is_named_with_its_deadline():
    with pytest.raises(NotInTime, match="no offer within 0 s"):
        await Changes().until(lambda: None, what="offer", deadline_s=0.01)


async def test_a_lost_connection_ends_every_wait():
    changes = Changes()
    changes.fail(NotReachable("http://127.0.0.1:1"))

    with pytest.raises(NotReachable, match="make run"):
        await changes.until(lambda: None, what="offer", deadline_s=5)


async def test_a_report_counts_and_names_what_failed():
    seen = []
    report = Report(seen.append)
    async with report.step("answer", "ko"):
        expect(True, "never shown")
    with pytest.raises(Failed, match="offer: nobody"):
        async with report.step("offer", "ko"):
            expect([], "nobody")

    result = report.to_json()

    assert (result["passed"], result["failed"]) == (1, 1)
    assert result["steps"][1] | {"ms": 0} == {
        "name": "offer",
        "locale": "ko",
        "ok": False,
        "ms": 0,
        "detail": "nobody",
    }
    assert seen == report.steps


def test_the_address_comes_from_the_option_then_the_running_system(tmp_path):
    assert find_url("http://x:1/", tmp_path) == "http://x:1"
    assert find_url(None, tmp_path) == DEFAULT_URL

    (tmp_path / "run.json").write_text(json.dumps({"url": "http://127.0.0.1:5"}))

    assert find_url(None, tmp_path) == "http://127.0.0.1:5"


def test_a_folder_without_secrets_is_named(tmp_path):
    with pytest.raises(Refused, match=r"secrets\.json is missing"):
        find_secret(tmp_path)


def test_the_phrases_are_there_and_differ_in_every_locale():
    assert len({phrases(locale).question for locale in LOCALES}) == len(LOCALES)


def test_the_bench_asks_in_five_languages_by_turns():
    questions = read_questions(ROOT)

    assert [question.locale for question in questions[:5]] == list(LOCALES)
    assert all(question.text for question in questions)


def test_a_bench_without_questions_says_where_they_are_looked_for(tmp_path):
    with pytest.raises(ValueError, match="data/eval"):
        read_questions(tmp_path)


@pytest.mark.parametrize("arguments", [["ask", "hello"], ["smoke"], ["bench", "turn"]])
def test_without_a_system_the_commands_end_with_2_and_the_remedy(tmp_path, arguments):
    (tmp_path / "secrets.json").write_text(json.dumps({"internal_secret": "s" * 32}))
    url = f"http://127.0.0.1:{free_port()}"

    result = CliRunner().invoke(main, [*arguments, "--url", url, "--data", str(tmp_path)])

    assert result.exit_code == 2
    assert f"nothing answers at {url}" in result.stderr
    assert "make run" in result.stderr


def test_half_an_account_is_wrong_use():
    result = CliRunner().invoke(main, ["smoke", "--login", "kim"])

    assert result.exit_code == 2
    assert "--password" in result.stderr
