"""What the parties are told and shown on the way to a person and back."""

import pytest

from handoff_service.domain import State
from handoff_service.errors import NoSuchConversation
from handoff_service.store.results import AcceptResult, LeaveResult, RateResult, RequestResult
from handoff_service.turn import Reply
from tests.handoff_service.desk import OFFER_MS


async def test_a_request_without_the_bot_tells_the_agent_what_was_tried(desk):
    name = await desk.talk()
    await desk.say(name, "my hub blinks amber")
    job, turn = await desk.work()
    source = {
        "article_id": "hub-lights",
        "title": "Lights",
        "url": "/help/en/hub-lights",
        "quote": "…",
    }
    reply = Reply("answer", "Amber means …", sources=(source,), confidence=0.7)
    await desk.store.turns.complete(job, turn, replies=[reply], intent="ask_setup", now_ms=desk.now)
    await desk.say(name, "Talk to a person", payload={"action": "request_person"})

    await desk.request(name)

    handoff = (await desk.get(name)).handoff
    assert (handoff.reason, handoff.topic) == ("asked", "ask_setup")
    assert handoff.summary == "my hub blinks amber"
    assert [tried["article_id"] for tried in handoff.tried] == ["hub-lights"]
    assert handoff.tried[0]["confidence"] == 0.7


async def test_a_second_request_waits_in_the_same_place(desk):
    name = await desk.talk(State.WAITING)

    assert (await desk.request(name)).result is RequestResult.ALREADY
    assert (await desk.types(name)).count("handoff.requested") == 1


async def test_after_a_decline_the_place_in_line_is_the_old_one(desk):
    await desk.agent()
    first = await desk.talk(State.WAITING)
    desk.clock.advance(1000)
    second = await desk.talk(State.WAITING)
    await desk.offer(first)
    assert await desk.store.queue.place(second) == 1

    desk.clock.advance(1000)
    await desk.decline(first)

    assert await desk.store.queue.place(first) == 1
    assert await desk.store.queue.place(second) == 2
    assert (await desk.get(first)).passed_by == ("anna",)


async def test_an_offer_can_be_accepted_until_the_deadline_and_not_after(desk):
    await desk.agent()
    in_time, too_late = await desk.talk(State.OFFERED), await desk.talk(State.OFFERED)
    deadline = (await desk.get(in_time)).deadline_ms

    at = await desk.store.handoffs.accept(in_time, agent_id="anna", epoch=2, now_ms=deadline)
    after = await desk.store.handoffs.accept(
        too_late, agent_id="anna", epoch=2, now_ms=deadline + 1
    )

    assert (at.result, after.result) == (AcceptResult.ACCEPTED, AcceptResult.EXPIRED)


async def test_an_offer_shows_the_whole_transcript(desk):
    await desk.agent()
    name = await desk.talk()
    await desk.say(name, "help")
    await desk.request(name)
    await desk.offer(name)

    offer = (await desk.store.handoffs.offer_view(name)).to_json()

    assert offer["deadline_ms"] == (await desk.get(name)).deadline_ms
    assert [event["type"] for event in offer["transcript"]] == await desk.types(name)
    assert offer["customer"] == {"customer_id": f"of-{name}"}


async def test_the_customer_is_told_by_name_who_is_there(desk):
    await desk.agent("zoë")
    name = await desk.talk(State.ASSIGNED, agent_id="zoë")

    text = (await desk.store.conversations.events(name))[-1].data["text"]

    assert text == "You are now talking to Zoë."


async def test_a_name_with_a_percent_sign_and_braces_is_only_a_name(desk):
    await desk.agent("100%1 {place}")
    name = await desk.talk(State.ASSIGNED, agent_id="100%1 {place}")

    data = (await desk.store.conversations.events(name))[-1].data

    assert data["text"] == "You are now talking to 100%1 {Place}."


async def test_a_left_message_is_a_message_and_a_fact(desk):
    name = await desk.talk(State.WAITING)

    outcome = await desk.leave(name)

    said, left = (await desk.store.conversations.events(name))[-2:]
    assert outcome.result is LeaveResult.LEFT
    assert outcome.seq == said.seq
    assert (said.data["author"], said.data["text"]) == ("customer", "call me")
    assert left.data["contact"] == "a@b.example"


async def test_a_rating_needs_something_to_rate(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    rate = {"stars": 5, "comment": "", "now_ms": desk.now}

    early = await desk.store.conversations.rate(name, message_id="r1", **rate)
    await desk.wrap_up(name)
    later = await desk.store.conversations.rate(name, message_id="r2", **rate)

    assert (early.result, later.result) == (RateResult.NOT_YET, RateResult.RATED)
    assert (await desk.get(name)).stars == 5


async def test_what_does_not_exist_is_named(desk):
    with pytest.raises(NoSuchConversation, match="nowhere"):
        await desk.say("nowhere")
    with pytest.raises(NoSuchConversation, match="nowhere"):
        await desk.store.conversations.get("nowhere")
    with pytest.raises(NoSuchConversation, match="nowhere"):
        await desk.store.handoffs.cancel("nowhere", message_id="x", now_ms=desk.now)


async def test_queue_stats_name_the_longest_wait(desk):
    assert (await desk.store.queue.stats()).longest_since_ms is None
    began = desk.now
    for _ in range(3):
        await desk.talk(State.WAITING)
        desk.clock.advance(10)

    stats = await desk.store.queue.stats()

    assert (stats.waiting, stats.longest_since_ms) == (3, began)


async def test_a_conversation_that_is_handed_back_starts_afresh(desk):
    await desk.agent()
    name = await desk.talk(State.OFFERED)
    await desk.decline(name)
    await desk.offer(name)
    await desk.accept(name)

    await desk.store.handoffs.hand_back(
        name, agent_id="anna", epoch=await desk.epoch(name), note="solved", now_ms=desk.now
    )

    talk = await desk.get(name)
    assert (talk.handoff, talk.waiting_since_ms, talk.assigned_ms) == (None, None, None)
    assert (talk.agent_id, talk.agent_name, talk.passed_by) == (None, None, ())


async def test_an_accepted_conversation_remembers_when_and_forgets_who_passed(desk):
    await desk.agent()
    name = await desk.talk(State.OFFERED)
    await desk.decline(name)
    desk.clock.advance(7)
    await desk.offer(name)

    await desk.accept(name)

    talk, anna = await desk.get(name), await desk.store.agents.get("anna")
    assert (talk.assigned_ms, anna.last_assigned_ms) == (desk.now, desk.now)
    assert (talk.passed_by, talk.passed_ms, talk.deadline_ms) == ((), None, None)


async def test_who_let_an_offer_expire_has_passed_on_it(desk):
    await desk.agent()
    name = await desk.talk(State.OFFERED)
    desk.clock.advance(OFFER_MS + 1)

    await desk.store.handoffs.expire_offer(name, agent_id="anna", epoch=2, now_ms=desk.now)

    talk = await desk.get(name)
    assert (talk.passed_by, talk.passed_ms) == (("anna",), desk.now)


async def test_each_agent_who_passed_is_named_once_the_latest_last(desk):
    for agent_id in ("anna", "boris"):
        await desk.agent(agent_id)
    name = await desk.talk(State.WAITING)
    for agent_id in ("anna", "boris", "anna"):
        await desk.offer(name, agent_id)
        desk.clock.advance(1)
        await desk.decline(name, agent_id)

    assert (await desk.get(name)).passed_by == ("boris", "anna")


async def test_every_way_to_close_says_when_and_makes_a_rating_possible(desk, settings):
    await desk.agent()
    by_customer, by_time, by_loss = [
        await desk.talk(state) for state in (State.ASSIGNED, State.BOT, State.WRAP_UP)
    ]
    desk.clock.advance(settings.idle_close_s * 1000)

    await desk.close(by_customer)
    await desk.store.conversations.close_due(by_time, now_ms=desk.now)
    await desk.store.handoffs.agent_lost(
        by_loss, agent_id="anna", lost_at_ms=desk.now, now_ms=desk.now
    )

    for name in (by_customer, by_time, by_loss):
        assert (await desk.get(name)).closed_ms == desk.now
        rated = await desk.store.conversations.rate(
            name, message_id="r", stars=3, comment="", now_ms=desk.now
        )
        assert rated.result is RateResult.RATED
