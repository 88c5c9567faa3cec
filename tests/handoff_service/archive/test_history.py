"""Events are written once, whatever the order and however often they come."""

import asyncio
import random

import pytest
from sqlalchemy import event as sql_events, func, select

from handoff_service.archive.history import record
from handoff_service.archive.models import ConversationRow, EventRow, RatingRow
from handoff_service.archive.transcripts import find_record, list_records, read_events
from handoff_service.domain import State
from tests.handoff_service.archive.talks import T0, Talk, whole


async def count(database, model):
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(model))


async def test_what_is_written_is_read_back_equal(database):
    talk = whole()

    await record(database, talk.events)

    assert list(await read_events(database, talk.id)) == talk.events
    assert list(await read_events(database, talk.id, after_seq=9)) == talk.events[9:]


async def test_a_batch_that_comes_twice_changes_nothing(database):
    talk = whole()
    await record(database, talk.events)
    before = await find_record(database, talk.id)

    await record(database, talk.events)
    await record(database, talk.events[3:6])

    assert await find_record(database, talk.id) == before
    assert await count(database, EventRow) == len(talk.events)
    assert await count(database, RatingRow) == 1


@pytest.mark.parametrize("seed", range(12))
async def test_the_row_is_the_same_in_whatever_order_the_batches_come(database, seed):
    talk, order = whole(), random.Random(seed)
    batches = [talk.events[start : start + 2] for start in range(0, len(talk.events), 2)]
    order.shuffle(batches)

    for batch in batches:
        await record(database, batch)

    kept = await find_record(database, talk.id)
    assert kept.last_seq == len(talk.events)
    assert (kept.state, kept.language, kept.stars, kept.comment) == ("closed", "ko", 4, "좋아요")
    assert (kept.agent_id, kept.agent_name, kept.disposition) == ("a_1", "Ann", "solved")
    assert kept.handoff["reason"] == "technical_issue"
    assert kept.closed_ms == talk.events[-1].at_ms
    assert list(await read_events(database, talk.id)) == talk.events


async def test_two_archivers_that_write_one_conversation_at_once_agree(database):
    talks = [whole(f"c_{n}") for n in range(6)]
    halves = [[e for talk in talks for e in talk.events if e.seq % 3 == part] for part in range(3)]

    await asyncio.gather(*(record(database, half) for half in halves))

    for talk in talks:
        kept = await find_record(database, talk.id)
        assert (kept.last_seq, kept.state) == (len(talk.events), "closed")
    assert await count(database, ConversationRow) == len(talks)


async def test_a_customer_who_writes_on_opens_the_conversation_again(database):
    closed = whole()
    await record(database, closed.events)

    await record(database, closed.said("customer", "one more").events[-1:])

    kept = await find_record(database, closed.id)
    assert (kept.state, kept.closed_ms) == ("bot", None)


async def test_writing_on_in_wrap_up_goes_back_to_the_agent(database):
    talk = whole()
    del talk.events[9:]

    await record(database, talk.said("customer", "wait").events)

    assert (await find_record(database, talk.id)).state == "assigned"


async def test_a_left_message_stays_one_until_an_agent_takes_it(database):
    talk = (
        Talk()
        .add("conversation.started", customer_id="u_1", locale="ko", page=None)
        .add("handoff.requested", owner_changes=True, reason="asked", topic="", language="ko",
             triage=[], tried=[], summary="", place=1, on_duty=False, text="…")
        .add("message.left", contact="me@example.org", text="…")
        .add("handoff.offered", agent_id="a_1", deadline_ms=0)
        .add("offer.expired", agent_id="a_1", reason="deadline", left=True)
    )  # fmt: skip

    await record(database, talk.events)

    row = await find_record(database, talk.id)
    assert (row.state, row.to_json()["contact"]) == ("message_left", "me@example.org")


async def test_nul_characters_do_not_stop_the_archive(database):
    talk = Talk().add("conversation.started", customer_id="u", locale="en")
    talk.said("bot", "a\0b", sources=[{"quote": "\0\\u0000"}])

    await record(database, talk.events)

    events = await read_events(database, talk.id)
    assert events[1].data["text"] == "ab"
    assert events[1].data["sources"] == [{"quote": "\\u0000"}]


async def test_lists_show_the_latest_first_by_state_and_agent(database):
    old, new = whole("c_old"), whole("c_new", T0 + 10_000_000)
    live = Talk("c_live", T0 + 5_000_000).add("conversation.started", customer_id="u", locale="en")
    await record(database, [*old.events, *new.events, *live.events])

    async def ids(**wanted):
        given = {"state": None, "agent_id": None, "limit": 10} | wanted
        return [each.conversation_id for each in await list_records(database, **given)]

    assert await ids() == ["c_new", "c_live", "c_old"]
    assert await ids(state=State.BOT) == ["c_live"]
    assert await ids(agent_id="a_1", limit=1) == ["c_new"]


async def test_a_large_batch_is_one_transaction(database):
    talks = [whole(f"c_{n}") for n in range(400)]

    await record(database, [event for talk in talks for event in talk.events])

    assert await count(database, EventRow) == 400 * len(talks[0].events)


async def test_an_empty_batch_is_nothing(database):
    await record(database, [])

    assert await count(database, EventRow) == 0


@pytest.mark.parametrize(
    ("events", "state", "agent_id"),
    [
        ([("handoff.transferred", {"agent_id": "a_1"})], State.WAITING, "a_1"),
        ([("conversation.parked", {"agent_id": "a_1"})], State.PARKED, "a_1"),
        (
            [("conversation.parked", {}), ("conversation.resumed", {"agent_id": None})],
            State.WAITING,
            "a_1",
        ),
        (
            [("conversation.parked", {}), ("conversation.resumed", {"agent_id": "a_1"})],
            State.ASSIGNED,
            "a_1",
        ),
        (
            [("handoff.taken_over", {"agent_id": "a_2", "agent_name": "Sofia"})],
            State.ASSIGNED,
            "a_2",
        ),
        ([("whisper.posted", {"text": "hm"})], State.ASSIGNED, "a_1"),
    ],
)
async def test_what_people_do_with_a_conversation_shows_in_its_row(
    database, events, state, agent_id
):
    talk = Talk().add("conversation.started", customer_id="u", locale="en")
    talk.add("handoff.requested", reason="asked", language="en", place=1, on_duty=True)
    talk.add("handoff.assigned", agent_id="a_1", agent_name="Ann")
    for kind, data in events:
        talk.add(kind, **data)

    await record(database, talk.events)

    kept = await find_record(database, talk.id)
    assert (kept.state, kept.agent_id) == (state, agent_id)


async def test_a_batch_about_many_conversations_costs_no_more_statements(database):
    statements = []

    @sql_events.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def _count(_connection, _cursor, statement, *_):
        statements.append(statement)

    counts = []
    for number in (1, 40):
        statements.clear()
        talks = [whole(f"c_{number}_{n}") for n in range(number)]
        await record(database, [event for talk in talks for event in talk.events])
        counts.append(len(statements))

    assert counts[0] == counts[1], statements
