"""Turns and phrases as they are kept: exactly once, and gone with the conversations."""

import dataclasses

import pytest
from sqlalchemy import delete, literal_column, select

from handoff_service.archive.history import record
from handoff_service.archive.learning import turns as kept
from handoff_service.archive.learning.turns import LearnTurn, phrase_key
from handoff_service.archive.models import UNLEARNED, ConversationRow
from handoff_service.archive.tables.learn_turns import UNEMBEDDED, LearnTurnRow, PhraseRow
from tests.handoff_service.archive.talks import Talk


def turn(conversation_id, seq, text, **more):
    values = {"at_ms": 1000 + seq, "asks": True, "language": "en", "did": "answer"}
    return LearnTurn(conversation_id=conversation_id, seq=seq, text=text, **values | more)


def closed(name):
    talk = Talk(name).add("conversation.started", customer_id="u_1", locale="en")
    talk.said("customer", "hi", turn=1).said("bot", "so", kind="answer", turn=1)
    return talk.add("conversation.closed", by="system", reason="idle")


async def phrases(database):
    async with database.session() as session:
        found = await session.execute(
            select(PhraseRow.text, PhraseRow.turns).order_by(PhraseRow.id)
        )
        return [tuple(row) for row in found]


@pytest.fixture
async def talks(database):
    for name in ("c_1", "c_2"):
        await record(database, closed(name).events)
    return database


async def test_a_conversation_is_due_when_it_is_closed_and_whenever_something_comes_after(database):
    talk = closed("c_1")
    *before, last = talk.events
    await record(database, before)
    assert await kept.count_due(database) == 0, "it goes on"

    await record(database, [last])
    [due] = await kept.next_due(database, after="", limit=10)
    await kept.write_turns(database, {"c_1": due.last_seq}, [])
    assert [event.seq for event in due.events] == [1, 2, 3, 4]
    assert await kept.count_due(database) == 0

    await record(database, talk.add("answer.voted", seq=3, helpful=False).events)
    assert await kept.count_due(database) == 1
    await kept.write_turns(database, {"c_1": due.last_seq}, [])
    assert await kept.count_due(database) == 1, "the vote came while it was collected"


async def test_turns_are_written_once_and_one_wording_is_one_phrase(talks):
    said = [turn("c_1", 2, "Reset?"), turn("c_1", 5, "　RESET？ "), turn("c_2", 2, "reset")]
    chat = turn("c_1", 9, "thanks", asks=False)

    for _ in range(2):
        await kept.write_turns(talks, {"c_1": 3, "c_2": 3}, [*said, chat])

    assert await phrases(talks) == [("Reset?", 3)]
    rows = [row async for row in kept.turns_between(talks)]
    assert [(row.conversation_id, row.seq, row.phrase_id is None) for row in rows] == [
        ("c_1", 2, False), ("c_2", 2, False), ("c_1", 5, False), ("c_1", 9, True)
    ]  # fmt: skip


async def test_what_is_collected_anew_takes_the_place_of_what_was(talks):
    await kept.write_turns(talks, {"c_1": 3}, [turn("c_1", 2, "Ann's hub"), turn("c_1", 3, "b")])

    await kept.write_turns(talks, {"c_1": 4}, [turn("c_1", 2, "hub")])

    assert await phrases(talks) == [("hub", 1)], "a phrase that nobody said any more is gone"


async def test_a_phrase_goes_with_the_last_conversation_it_was_said_in(talks):
    both = [turn("c_1", 2, "both"), turn("c_2", 2, "both"), turn("c_1", 3, "only here")]
    await kept.write_turns(talks, {"c_1": 3, "c_2": 3}, both)

    async with talks.session() as session:
        await session.execute(delete(ConversationRow).where(ConversationRow.id == "c_1"))

    assert await phrases(talks) == [("both", 1)]


async def test_nothing_is_kept_of_a_conversation_that_was_deleted_meanwhile(talks):
    await kept.write_turns(talks, {"c_9": 3, "c_1": 3}, [turn("c_9", 2, "a"), turn("c_1", 2, "b")])

    assert await phrases(talks) == [("b", 1)]


async def test_vectors_are_kept_with_their_phrases(talks):
    await kept.write_turns(talks, {"c_1": 3}, [turn("c_1", 2, "a"), turn("c_1", 3, "b")])
    [first, second] = await kept.without_vector(talks, limit=5)

    await kept.write_vectors(talks, {first.phrase_id: b"v", 999: b"of what is gone"}, model="one")

    assert await kept.without_vector(talks, limit=5) == [second]
    await kept.keep_vectors_of(talks, "one")
    assert await kept.count_without_vector(talks) == 1
    await kept.keep_vectors_of(talks, "another")
    assert await kept.count_without_vector(talks) == 2, "vectors of two models are no neighbours"


async def test_turns_are_read_by_time_and_in_order(talks, monkeypatch):
    monkeypatch.setattr(kept, "PAGE", 2)
    said = [turn("c_1", seq, str(seq), at_ms=5000 - seq) for seq in range(1, 8)]
    await kept.write_turns(talks, {"c_1": 3}, said)

    read = [r.seq async for r in kept.turns_between(talks, since_ms=4994, until_ms=4999)]

    assert read == [6, 5, 4, 3, 2]


def test_the_fields_of_a_turn_are_the_columns():
    columns = {column.name for column in LearnTurnRow.__table__.c}

    assert {field.name for field in dataclasses.fields(LearnTurn)} == columns - {"phrase_id"}


def test_a_wording_of_marks_alone_is_still_itself():
    assert phrase_key("en", "???") != phrase_key("en", "!!!")
    assert phrase_key("en", "a") != phrase_key("ru", "a")


async def test_what_is_due_is_found_without_looking_at_what_is_not(database):
    if database.dialect != "sqlite":
        pytest.skip("how SQLite goes about it")
    for column, condition, index in (
        (ConversationRow.id, UNLEARNED, "ix_conversations_unlearned"),
        (PhraseRow.id, UNEMBEDDED, "ix_learn_phrases_unembedded"),
    ):
        asked = select(column).where(condition, column > literal_column("0")).order_by(column)
        async with database.engine.connect() as connection:
            plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}")).all()

        assert index in str(plan)
        assert "TEMP B-TREE" not in str(plan)
