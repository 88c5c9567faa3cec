"""`discover` on a real history: topics of several languages, told apart, known again next time."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from handoff_service.archive.database import open_database
from handoff_service.archive.learning import grouping
from handoff_service.archive.learning.forgetting import forget_learned
from handoff_service.archive.learning.reviews import Word, decide
from handoff_service.archive.learning.topics import (
    Made,
    examples_of,
    last_found_ms,
    list_topics,
    make_of_topic,
)
from handoff_service.archive.learning.verdicts import Verdict
from handoff_service.archive.tables.learn_turns import PhraseRow
from learning.jobs.here import run_here
from learning.jobs.tools import Tools
from learning.training import Project
from tests.handoff_service.archive.reviewed import keep, turn

ROOT = Path(__file__).resolve().parents[3]
MODEL = ROOT / "var" / "models" / "current"

pytestmark = [pytest.mark.model, pytest.mark.timeout(120)]

#: Nothing in the demo is about these. Invented.
DRONES = (
    ("en", "can I rent a drone from you"), ("en", "how much is it to rent a drone for a day"),
    ("ru", "можно ли взять у вас дрон напрокат"), ("ko", "드론을 하루 빌릴 수 있나요"),
    ("zh-Hans", "你们出租无人机吗"), ("en", "drone rental price"),
)  # fmt: skip
REFUNDS = (
    ("en", "I want my money back"), ("en", "please refund what I paid"),
    ("en", "when do I get my refund"), ("ru", "верните мне деньги за заказ"),
    ("ko", "환불은 언제 되나요"), ("zh-Hans", "什么时候可以退款"),
)  # fmt: skip
PILLS = ("cheap pills here", "buy cheap pills online now", "pills pills pills cheap")


@pytest.fixture
async def tools(tmp_path, empty_history):
    file = tmp_path / "baton.db"
    shutil.copy(empty_history, file)
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    data_dir = tmp_path / "var"
    data_dir.mkdir()
    (data_dir / "kb").symlink_to(ROOT / "var" / "kb")
    project = Project(ROOT, ROOT / ".venv-rasa/bin/python", MODEL, data_dir / "rasa/models")
    yield Tools(database=database, project=project, data_dir=data_dir)
    await database.close()


async def discover(tools):
    done = await run_here("discover", {}, tools=tools, asked_by="a_max")
    assert done.state == "done", done.error
    return done.result, await list_topics(tools.database)


async def test_topics_are_found_across_languages_and_known_again(tools):
    database, now_ms = tools.database, tools.now_ms()
    more = {"at_ms": now_ms - 1000, "did": "offer_person"}
    said = [
        turn(f"c_{topic}{number}", 2, text, language=language, **more)
        for topic, phrases in (("d", DRONES), ("r", REFUNDS))
        for number, (language, text) in enumerate(phrases)
    ]
    said += [turn(f"c_s{number}", 2, text, **more) for number, text in enumerate(PILLS)]
    said += [
        turn(f"c_o{number}", 2, f"where is parcel {number}", at_ms=now_ms - 1000, vote=1)
        for number in range(5)
    ]
    said += [replace(said[0], conversation_id="c_old", text="rent", at_ms=1000)]
    await keep(database, said)
    asked = await run_here("collect", {}, tools=tools, asked_by="a_max")
    assert asked.state == "done", asked.error
    await run_here("group", {}, tools=tools, asked_by="a_max")
    for group_id in await grouping.changed_groups(database, since_ms=0):
        example = (await grouping.examples_of(database, [group_id]))[group_id]
        if await text_of(database, example) in PILLS:
            word = Word(verdict=Verdict.SPAM)
            await decide(database, group_id, word, reviewer="a_1", now_ms=now_ms)
    assert await last_found_ms(database) is None

    result, topics = await discover(tools)

    assert result["phrases"] == len(DRONES) + len(REFUNDS), "neither answered nor old nor spam"
    shown = await examples_of(database, topics)
    by_word = {word: named(topics, shown, word) for word in ("drone", "refund")}
    drones, refunds = by_word["drone"], by_word["refund"]
    assert drones.kind == "missing_article"
    assert (drones.size, set(drones.languages)) == (6, {"en", "ru", "ko", "zh-Hans"})
    assert drones.trend[-1] == 6
    assert (refunds.kind, refunds.near["intent"]) == ("existing_intent", "ask_refund")
    assert await last_found_ms(database)

    made = Made(state="dismissed")
    await make_of_topic(database, drones.topic_id, made, actor="a_1", origin="", now_ms=now_ms)
    await keep(database, [turn("c_d9", 2, "do you rent drones", language="en", **more)])
    await run_here("collect", {}, tools=tools, asked_by="a_max")
    result, topics = await discover(tools)
    again = next(topic for topic in topics if topic.topic_id == drones.topic_id)
    assert (again.state, again.size, result["new"]) == ("dismissed", 7, 0)

    async with database.session() as session:
        counts = await forget_learned(session, ["c_d0"])
    assert counts["learn_topics"] == 1, "its label may be their words"
    assert [each.topic_id for each in await list_topics(database)] == [refunds.topic_id]


async def test_nothing_asked_is_no_mistake_and_arguments_are(tools):
    assert (await discover(tools))[0]["topics"] == 0
    wrong = await run_here("discover", {"since": 1}, tools=tools, asked_by="a_max")
    assert (wrong.state, "no arguments" in wrong.error) == ("failed", True)


async def text_of(database, phrase_id):
    async with database.session() as session:
        return (await session.get(PhraseRow, phrase_id)).text


def named(topics, shown, word):
    return next(topic for topic in topics if any(
        word in shown[name].text for name in topic.phrase_ids if name in shown
    ))  # fmt: skip
