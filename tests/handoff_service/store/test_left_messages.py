"""A handoff with a contact while nobody is on duty is a message that was left: in one step."""

import asyncio
from dataclasses import replace

import pytest

from handoff_service.domain import State
from handoff_service.errors import NoSuchConversation
from handoff_service.store.results import (
    CompleteResult,
    EraseResult,
    LeaveResult,
    OfferResult,
    RequestResult,
)
from handoff_service.summary import Summary
from tests.handoff_service.desk import ASKED, OFFER_MS, Desk

CONTACT = "me@example.org"
REACHABLE = replace(
    ASKED,
    contact=CONTACT,
    tried=({"article_id": "reset", "title": "Reset", "url": "/help/en/reset", "confidence": 0.9},),
)


async def hand_over(desk, handoff=REACHABLE):
    """Let the bot answer a message with a handoff; return (conversation, job, turn, outcome)."""
    name = await desk.talk()
    await desk.say(name, "my order is lost")
    job, turn = await desk.work()
    return name, job, turn, await desk.complete(job, turn, handoff=handoff)


async def test_the_contact_leaves_the_message_in_the_same_step(desk):
    name, _, _, outcome = await hand_over(desk)

    events = await desk.store.conversations.events(name)
    requested, left = events[-2:]
    assert [requested.type.value, left.type.value] == ["handoff.requested", "message.left"]
    assert (outcome.result, outcome.seq) == (CompleteResult.COMPLETED, left.seq)
    assert left.data["contact"] == CONTACT and left.data["text"]
    assert (requested.data["on_duty"], requested.data["place"]) == (False, 1)
    assert requested.data["articles"] == [{"title": "Reset", "url": "/help/en/reset"}]
    assert requested.epoch == left.epoch == await desk.epoch(name)
    assert await desk.state(name) is State.MESSAGE_LEFT
    assert await desk.store.queue.left() == [name] and await desk.store.queue.waiting() == []


async def test_the_customer_does_not_read_what_is_for_agents(desk):
    name, *_ = await hand_over(desk)

    [requested] = [
        event.for_customer()
        for event in await desk.store.conversations.events(name)
        if event.type.value == "handoff.requested"
    ]
    assert not {"contact", "triage", "tried", "summary"} & set(requested.data)


async def test_without_a_contact_the_customer_waits(desk):
    name, *_ = await hand_over(desk, ASKED)

    assert await desk.state(name) is State.WAITING
    assert "message.left" not in await desk.types(name)


async def test_with_somebody_on_duty_the_customer_waits_and_the_contact_is_kept(desk):
    await desk.agent()

    name, *_ = await hand_over(desk)

    assert await desk.state(name) is State.WAITING
    assert (await desk.types(name))[-1] == "handoff.requested"
    assert Summary(await desk.get(name)).to_json()["contact"] == CONTACT


async def test_the_same_answer_again_leaves_nothing_twice(desk):
    name, job, turn, _ = await hand_over(desk)
    before = await desk.types(name)

    again = await desk.complete(job, turn, handoff=REACHABLE)

    assert again.result is CompleteResult.REPEATED
    assert await desk.types(name) == before


async def test_an_answer_too_late_leaves_nothing(desk):
    name = await desk.talk()
    await desk.say(name)
    job, turn = await desk.work()
    await desk.request(name)  # the customer clicked meanwhile
    before = await desk.types(name)

    late = await desk.complete(job, turn, handoff=REACHABLE)

    assert late.result is CompleteResult.STALE
    assert await desk.types(name) == before
    assert await desk.state(name) is State.WAITING


async def test_many_left_are_all_there_and_an_agent_with_one_place_is_offered_one(desk):
    names = []
    for _ in range(5):
        name, *_ = await hand_over(desk)
        names.append(name)
        desk.clock.advance(10)

    left = await desk.store.queue.left()
    await desk.agent(capacity=1)
    outcomes = await asyncio.gather(*(desk.offer(name) for name in left))

    assert left == names
    [offered] = [
        name
        for name, outcome in zip(left, outcomes, strict=True)
        if outcome.result is OfferResult.OFFERED
    ]
    assert await desk.store.queue.left() == [name for name in names if name != offered]


async def test_the_agent_reads_contact_and_what_was_said(desk):
    name, *_ = await hand_over(desk)
    await desk.agent()

    await desk.offer(name)
    accepted = await desk.accept(name)

    view = await desk.store.handoffs.offer_view(name)
    assert accepted.result.value == "ACCEPTED"
    assert view.to_json()["contact"] == CONTACT
    assert [e.data["text"] for e in view.transcript if e.type.value == "message.posted"] == [
        "my order is lost"
    ]


async def test_a_customer_who_is_still_there_goes_back_to_the_bot(desk):
    name, *_ = await hand_over(desk)

    await desk.store.handoffs.cancel(name, message_id="back", now_ms=desk.now)

    assert await desk.state(name) is State.BOT
    assert await desk.store.queue.left() == []


async def expire(desk, name):
    epoch = await desk.epoch(name)
    desk.clock.advance(OFFER_MS + 1)
    return await desk.store.handoffs.expire_offer(
        name, agent_id="anna", epoch=epoch, now_ms=desk.now
    )


async def lose(desk, name):
    return await desk.store.handoffs.agent_lost(
        name, agent_id="anna", lost_at_ms=desk.now, now_ms=desk.now
    )


@pytest.mark.parametrize("end", [Desk.decline, expire, lose])
async def test_a_left_message_that_nobody_took_goes_back_among_the_left_ones(desk, end):
    await desk.agent()
    name = await desk.talk(State.MESSAGE_LEFT)
    await desk.offer(name)

    await end(desk, name)

    assert await desk.state(name) is State.MESSAGE_LEFT
    assert await desk.store.queue.left() == [name] and await desk.store.queue.waiting() == []
    last = (await desk.store.conversations.events(name))[-1]
    assert last.data["left"] is True and last.for_customer() is None


@pytest.mark.parametrize("end", [Desk.decline, expire, lose])
async def test_one_who_waited_goes_back_among_those_who_wait(desk, end):
    await desk.agent()
    name = await desk.talk(State.OFFERED)

    await end(desk, name)

    assert await desk.state(name) is State.WAITING
    assert "left" not in (await desk.store.conversations.events(name))[-1].data


async def test_once_an_agent_has_it_a_left_message_is_a_talk_like_any_other(desk):
    await desk.agent()
    name = await desk.talk(State.MESSAGE_LEFT)
    await desk.offer(name)
    await desk.accept(name)

    await lose(desk, name)

    assert await desk.state(name) is State.WAITING


async def test_a_message_left_in_an_earlier_talk_is_forgotten(desk):
    await desk.agent()
    name = await desk.talk(State.MESSAGE_LEFT)
    await desk.store.handoffs.cancel(name, message_id="back", now_ms=desk.now)
    await desk.request(name)
    await desk.offer(name)

    await desk.decline(name)

    assert await desk.state(name) is State.WAITING


async def test_the_contact_of_the_form_is_what_the_agent_reads_even_after_another(desk):
    await desk.agent()  # so the first contact is only noted
    name, *_ = await hand_over(desk)
    await desk.store.handoffs.leave_message(
        name, message_id="l", contact="+49 170 1", text="call me", now_ms=desk.now
    )

    assert Summary(await desk.get(name)).to_json()["contact"] == "+49 170 1"


async def test_who_comes_back_goes_in_line_when_a_person_is_there_and_keeps_the_contact(desk):
    name, *_ = await hand_over(desk)

    alone = await desk.request(name)
    assert (alone.result, await desk.state(name)) == (RequestResult.ALREADY, State.MESSAGE_LEFT)

    await desk.agent()
    asked = await desk.request(name)

    assert asked.result is RequestResult.REQUESTED
    assert await desk.state(name) is State.WAITING
    assert (await desk.get(name)).handoff.contact == CONTACT
    assert await desk.store.queue.left() == [] and await desk.store.queue.place(name) == 1
    last = (await desk.store.conversations.events(name))[-1]
    assert last.data["on_duty"] is True and last.epoch == await desk.epoch(name)


@pytest.mark.parametrize("state", [State.BOT, State.WAITING, State.OFFERED, State.CLOSED])
async def test_a_message_is_left_instead_of_waiting_from_wherever_the_customer_is(desk, state):
    await desk.agent()
    name = await desk.talk(state)

    outcome = await desk.store.handoffs.leave_message(
        name, message_id="x", contact="+49 30 123456", text="My hub is dead", now_ms=desk.now,
        callback=True, when="after five",
    )  # fmt: skip

    assert outcome.result is LeaveResult.LEFT
    assert await desk.state(name) is State.MESSAGE_LEFT
    summary = Summary(await desk.store.conversations.get(name)).to_json()
    assert (summary["contact"], summary["callback"]) == ("+49 30 123456", True)
    assert summary["when"] == "after five"
    assert await desk.store.queue.left() == [name]
    assert (await desk.store.agents.get("anna")).load == 0
    events = await desk.store.conversations.events(name)
    if state in {State.BOT, State.CLOSED}:
        assert summary["summary"] == "My hub is dead"
        assert [event.type.value for event in events[-3:]] == [
            "handoff.requested", "message.posted", "message.left"
        ]  # fmt: skip
        assert (events[-3].data["text"], events[-3].data["left"]) == ("", True)


@pytest.mark.parametrize("state", list(State))
async def test_a_conversation_is_deleted_wherever_it_is(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    keys = desk.store.keys

    assert (await desk.store.past.erase(name, now_ms=desk.now)).result is EraseResult.ERASED

    assert not await desk.store.redis.exists(*keys.of_conversation(name))
    for index in keys.indexes.values():
        assert await desk.store.redis.zscore(index, name) is None
    assert (await desk.store.agents.get("anna")).load == 0
    with pytest.raises(NoSuchConversation):
        await desk.store.past.erase(name, now_ms=desk.now)
