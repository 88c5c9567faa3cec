"""Notes, marks, tags, priority and second wordings: stored once, and nothing else is moved."""

import asyncio

import pytest

from handoff_service.domain import MOST_TAGS, State
from handoff_service.store.annotations import EDIT_MS
from handoff_service.store.results import (
    AnnotateResult,
    EditResult,
    PrioritizeResult,
    TagResult,
)
from tests.handoff_service.desk import PATHS

SOFIA = {"agent_id": "sofia", "author_name": "Sofia"}


async def last_event(desk, name):
    return (await desk.store.conversations.events(name))[-1]


async def note(desk, name, text="hm", **more):
    return await desk.store.annotations.note(
        name,
        **SOFIA | {"message_id": desk.new("n"), "text": text, "mentions": []} | more,
        now_ms=desk.now,
    )


async def tag(desk, name, *, add=(), remove=(), **more):
    given = SOFIA | {"message_id": desk.new("t"), "add": add, "remove": remove} | more
    return await desk.store.annotations.tag(name, **given, now_ms=desk.now)


async def prioritize(desk, name, priority):
    return await desk.store.annotations.prioritize(
        name, **SOFIA, message_id=desk.new("p"), priority=priority, now_ms=desk.now
    )


async def write(desk, name, text="hello", message_id="a1"):
    return await desk.store.conversations.post_agent_message(
        name,
        agent_id="anna",
        epoch=await desk.epoch(name),
        message_id=message_id,
        text=text,
        now_ms=desk.now,
    )


async def edit(desk, name, text="hello!", *, of="a1", **more):
    given = {"agent_id": "anna", "epoch": await desk.epoch(name), "message_id": desk.new("e")}
    return await desk.store.annotations.edit(
        name, of=of, text=text, now_ms=desk.now, **given | more
    )


@pytest.mark.parametrize("state", PATHS)
async def test_a_note_is_for_agents_only_and_moves_nothing(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    before = await desk.get(name)

    outcome = await note(desk, name, "look at this", mentions=["anna"])

    event = await last_event(desk, name)
    assert (outcome.result, outcome.seq) == (AnnotateResult.NOTED, event.seq)
    assert event.type == "note.posted"
    assert event.for_customer() is None
    assert event.data["text"] == "look at this"
    assert event.data["mentions"] == ["anna"]
    after = await desk.get(name)
    assert (after.state, after.epoch, after.agent_id) == (
        before.state,
        before.epoch,
        before.agent_id,
    )


async def test_an_edit_says_what_the_message_says_now_and_keeps_what_it_said(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    wrote = await write(desk, name, "helo")

    outcome = await edit(desk, name, "hello")
    again = await edit(desk, name, "hello there")

    assert (outcome.result, again.result) == (EditResult.EDITED, EditResult.EDITED)
    events = await desk.store.conversations.events(name)
    assert [event.data["text"] for event in events[-3:]] == ["helo", "hello", "hello there"]
    assert [event.data.get("of_seq") for event in events[-2:]] == [wrote.seq, wrote.seq]
    assert events[-1].for_customer() == events[-1]


async def test_an_edit_comes_in_time_or_not_at_all(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await write(desk, name)

    desk.clock.advance(EDIT_MS)
    in_time = await edit(desk, name)
    desk.clock.advance(1)
    late = await edit(desk, name)

    assert (in_time.result, late.result) == (EditResult.EDITED, EditResult.TOO_LATE)
    assert late.seq == 0


@pytest.mark.parametrize(
    ("given", "result"),
    [
        ({"of": "nothing"}, EditResult.NO_MESSAGE),
        ({"of": "n1"}, EditResult.NO_MESSAGE),
        ({"agent_id": "ben"}, EditResult.NOT_YOURS),
        ({"epoch": 1}, EditResult.STALE),
    ],
    ids=["no such message", "a note", "another agent", "a past epoch"],
)
async def test_only_the_writer_who_talks_with_the_customer_edits(desk, given, result):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await write(desk, name)
    await note(desk, name, agent_id="anna", message_id="n1")

    outcome = await edit(desk, name, **given)

    assert outcome.result is result
    assert (await desk.types(name))[-2:] == ["message.posted", "note.posted"]


async def test_who_no_longer_has_the_conversation_edits_nothing(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await write(desk, name)
    await desk.close(name)

    assert (await edit(desk, name)).result is EditResult.NOT_YOURS


async def test_tags_of_two_people_at_once_are_all_there(desk):
    name = await desk.talk()

    await asyncio.gather(*(tag(desk, name, add=[f"t{n}"]) for n in range(8)))
    await asyncio.gather(tag(desk, name, remove=["t0", "t1"]), tag(desk, name, add=["x", "t2"]))

    assert set((await desk.get(name)).tags) == {*(f"t{n}" for n in range(2, 8)), "x"}


async def test_more_tags_than_there_may_be_change_nothing(desk):
    name = await desk.talk()
    await tag(desk, name, add=[f"t{n}" for n in range(MOST_TAGS)])

    outcome = await tag(desk, name, add=["one more"])
    instead = await tag(desk, name, add=["one more"], remove=["t0"])

    assert (outcome.result, instead.result) == (TagResult.TOO_MANY, TagResult.TAGGED)
    assert (await desk.get(name)).tags[-1] == "one more"
    assert len((await desk.get(name)).tags) == MOST_TAGS


async def test_without_a_tag_there_is_no_empty_one(desk):
    name = await desk.talk()
    await tag(desk, name, add=["refund"])

    await tag(desk, name, remove=["refund", "never there"])

    assert (await desk.get(name)).tags == ()
    assert (await last_event(desk, name)).data["add"] == []


async def test_a_priority_gives_who_waits_another_place_at_once(desk):
    first, second, third = [await desk.talk(State.WAITING) for _ in range(3)]

    await prioritize(desk, third, 9)
    await prioritize(desk, first, 0)

    assert await desk.store.queue.waiting() == [third, second, first]
    assert (await desk.get(third)).needs.priority == 9


async def test_a_priority_is_kept_for_the_next_wait(desk):
    await desk.agent()
    other = await desk.talk(State.WAITING)
    name = await desk.talk(State.ASSIGNED)

    await prioritize(desk, name, 7)
    await desk.transfer(name)

    assert await desk.store.queue.waiting() == [name, other]


@pytest.mark.parametrize("state", [State.BOT, State.CLOSED])
async def test_nobody_who_wants_no_person_has_a_priority(desk, state):
    name = await desk.talk(state)

    assert (await prioritize(desk, name, 9)).result is PrioritizeResult.NOT_OPEN
