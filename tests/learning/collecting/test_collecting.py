"""From the events in the history to turns and phrases, masked, each once, whatever dies when."""

import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select

from handoff_service.archive.database import open_database
from handoff_service.archive.history import record
from handoff_service.archive.learning import jobs, turns as kept
from handoff_service.archive.tables.learn_turns import PhraseRow
from kb_index.embedding import Embedder
from learning.collecting import job as collecting
from learning.collecting.export import write_lines
from learning.collecting.vectors import pack, unpack
from learning.jobs.here import run_here
from learning.jobs.tools import Tools
from learning.training import Project
from tests.learning.collecting.chats import Chat

MODEL = Path(__file__).resolve().parents[3] / "var" / "models" / "current"


@pytest.fixture
async def tools(tmp_path, empty_history):
    file = tmp_path / "baton.db"
    shutil.copy(empty_history, file)
    database = await open_database(f"sqlite+aiosqlite:///{file}")
    project = Project(tmp_path, tmp_path, tmp_path / "no-model", tmp_path)
    yield Tools(database=database, project=project, data_dir=tmp_path)
    await database.close()


async def collect(tools, **args):
    return await run_here("collect", args, tools=tools, asked_by="a_max")


async def rows(tools):
    return [turn async for turn in kept.turns_between(tools.database)]


def told(conversation_id, *, at_ms=1_780_000_000_000):
    """A customer who tells everything about themselves, and an agent who repeats it."""
    chat = Chat(conversation_id, at_ms)
    chat.add("customer.identified", customer_id="u_1", name="Kim Minsu", email="kim@shop.example")
    chat.ask("Kim Minsu here, my e-mail is kim@shop.example and I was charged twice")
    chat.answer(query="Kim Minsu charged twice")
    chat.ask("a person").reply("handoff", text="", intent="request_person")
    del chat.events[-1]
    chat.handoff("asked", turn=2, contact="Sora Yun, +82 10-1234-5678")
    return chat.agent("Dear Sora, Ann here: the second payment went back to your card today.")


async def test_what_is_collected_is_masked_and_told_in_numbers(tools):
    await record(tools.database, told("c_1").close().events)

    job = await collect(tools)

    assert job.state == "done", job.error
    assert {**job.result, "seconds": 0} == {
        "conversations": 1, "turns": 2, "asks": 1, "embedded": 0, "seconds": 0,
        "masked": {"email": 1, "name": 4},
    }  # fmt: skip
    question, _ = await rows(tools)
    assert question.text == "‹name› here, my e-mail is ‹email› and I was charged twice"
    assert question.query == "‹name› charged twice"
    assert question.agent_answer == (
        "Dear ‹name›, ‹name› here: the second payment went back to your card today."
    )
    assert (question.handoff_reason, question.helped) == ("asked", False)


async def test_collecting_twice_changes_nothing_and_a_vote_is_collected(tools):
    chat = told("c_1").close()
    await record(tools.database, chat.events)
    await collect(tools)
    before = [vars(row) | {"_sa_instance_state": 0} for row in await rows(tools)]

    again = await collect(tools, again=True)
    assert again.result["conversations"] == 1
    assert [vars(row) | {"_sa_instance_state": 0} for row in await rows(tools)] == before
    assert not await collecting.is_due(tools)

    answer = next(e.seq for e in chat.events if e.data.get("kind") == "answer")
    await record(tools.database, chat.add("answer.voted", seq=answer, helpful=True).events[-1:])
    assert await collecting.is_due(tools)
    assert (await collect(tools)).result["conversations"] == 1
    assert (await rows(tools))[0].vote == 1


async def test_a_conversation_that_goes_on_waits_until_it_is_closed(tools):
    chat = told("c_1")
    await record(tools.database, chat.events)

    assert not await collecting.is_due(tools)
    assert (await collect(tools)).result["turns"] == 0

    await record(tools.database, chat.close().events)
    assert (await collect(tools)).result["turns"] == 2


async def test_more_conversations_than_are_read_at_a_time(tools, monkeypatch):
    monkeypatch.setattr(collecting, "TALKS", 2)
    for number in range(5):
        chat = Chat(f"c_{number}").ask("reset my hub").answer().close()
        await record(tools.database, chat.events)

    job = await collect(tools)

    assert (job.result["conversations"], job.result["turns"]) == (5, 5)
    async with tools.database.session() as session:
        assert await session.scalar(select(PhraseRow.turns)) == 5


async def test_a_job_that_died_is_taken_up_where_it_was(tools, monkeypatch):
    monkeypatch.setattr(collecting, "TALKS", 1)
    for number in range(3):
        await record(tools.database, Chat(f"c_{number}").ask("x y z").answer().close().events)
    real, calls = kept.write_turns, []

    async def write(*args):
        calls.append(args)
        if len(calls) == 2:
            raise RuntimeError("the machine went down")
        await real(*args)

    monkeypatch.setattr(kept, "write_turns", write)
    assert (await collect(tools)).state == "failed"
    assert len(await rows(tools)) == 1

    job = await collect(tools)

    assert (job.state, job.result["conversations"], len(await rows(tools))) == ("done", 2, 3)


async def test_arguments_that_are_none_are_named(tools):
    job = await collect(tools, agian=True)

    assert (job.state, job.error) == (
        "failed", "collect takes `again`, true or false, and nothing else"
    )  # fmt: skip
    assert await jobs.find_job(tools.database, job.job_id)


async def test_turns_leave_as_lines_and_nothing_personal_with_them(tools):
    await record(tools.database, told("c_1").close().events)
    await collect(tools)
    out = io.StringIO()

    assert await write_lines(tools.database, out) == 2

    first, _ = map(json.loads, out.getvalue().splitlines())
    assert first["did"] == "answer"
    assert first["masked"] == {"email": 1, "name": 4}
    assert not any(
        word in out.getvalue() for word in ("Kim", "Sora", "Ann", "shop.example", "1234")
    )


@pytest.mark.model
async def test_phrases_get_the_vectors_of_their_words_without_the_marks(tools):
    tools = Tools(
        database=tools.database,
        project=Project(tools.data_dir, tools.data_dir, MODEL, tools.data_dir),
        data_dir=tools.data_dir,
    )
    said = ["reset the hub, mail ann@x.example", "reset the hub, mail", "где мой заказ"]
    for number, text in enumerate(said):
        await record(tools.database, Chat(f"c_{number}").ask(text).answer().close().events)

    assert (await collect(tools)).result["embedded"] == 3

    async with tools.database.session() as session:
        found = await session.execute(select(PhraseRow.text, PhraseRow.vector))
        packed = {row.text: row.vector for row in found}
    expected = pack(Embedder.load(MODEL).embed_queries(said[1:]))
    assert packed == {
        "reset the hub, mail ‹email›": expected[0],
        said[1]: expected[0],
        said[2]: expected[1],
    }


def test_vectors_are_nearly_the_same_when_they_are_read_again():
    made = np.random.default_rng(0).normal(size=(50, 384)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)

    read = unpack(pack(made))

    assert read.dtype == np.float32
    assert (np.einsum("nd,nd->n", made, read) > 0.9995).all()
    assert unpack([]).shape == (0, 0)
