"""An agent who is gone, or does not answer an offer, and what becomes of their conversations."""

import pytest

from handoff_service.domain import Presence, State
from handoff_service.store.handoffs import MISSES_TO_AWAY
from handoff_service.store.keys import LOST_KEPT
from handoff_service.store.results import (
    ExpireResult,
    HoldResult,
)
from tests.handoff_service.desk import OFFER_MS


async def last(desk, name):
    return (await desk.store.conversations.events(name))[-1]


async def lose(desk, name, agent_id="anna"):
    desk.clock.advance(1)
    return await desk.store.handoffs.agent_lost(
        name, agent_id=agent_id, lost_at_ms=desk.now, now_ms=desk.now
    )


async def expire(desk, name, agent_id="anna"):
    return await desk.store.handoffs.expire_offer(
        name, agent_id=agent_id, epoch=await desk.epoch(name), now_ms=desk.now
    )


async def save_draft(desk, name, text, agent_id="anna", epoch=None):
    return await desk.store.holdings.save_draft(
        name,
        agent_id=agent_id,
        epoch=epoch or await desk.epoch(name),
        text=text,
        now_ms=desk.now,
    )


# ── lost ──────────────────────────────────────────────────────────────────────────────────────


async def test_a_lost_agents_customer_goes_before_everybody_with_the_original_time(desk):
    await desk.agent()
    first = await desk.talk(State.WAITING)
    desk.clock.advance(10)
    name = await desk.talk(State.ASSIGNED)
    since = (await desk.get(name)).waiting_since_ms

    await lose(desk, name)

    assert await desk.store.queue.waiting() == [name, first]
    assert (await last(desk, name)).data["place"] == 1
    assert (await desk.get(name)).waiting_since_ms == since


async def test_the_draft_of_a_lost_agent_is_handed_to_the_next(desk):
    for agent_id in ("anna", "boris"):
        await desk.agent(agent_id)
    name = await desk.talk(State.ASSIGNED)
    await save_draft(desk, name, "Please hold the button for")
    await lose(desk, name)
    await desk.offer(name, "boris")

    shown = (await desk.store.handoffs.offer_view(name)).to_json()

    assert shown["draft"] == "Please hold the button for"
    await desk.accept(name, "boris")
    await desk.store.conversations.post_agent_message(
        name, agent_id="boris", epoch=await desk.epoch(name), message_id="x", text="Hold it.",
        now_ms=desk.now,
    )  # fmt: skip
    assert (await desk.get(name)).draft is None


async def test_a_draft_is_kept_only_from_who_holds_the_conversation_now(desk):
    for agent_id in ("anna", "sofia"):
        await desk.agent(agent_id)
    name = await desk.talk(State.ASSIGNED)
    epoch = await desk.epoch(name)
    await save_draft(desk, name, "mine")
    stale = await save_draft(desk, name, "old", epoch=epoch - 1)
    foreign = await save_draft(desk, name, "theirs", agent_id="sofia")

    assert (stale.result, foreign.result) == (HoldResult.STALE, HoldResult.NOT_YOURS)
    assert (await desk.get(name)).draft == "mine"
    await save_draft(desk, name, "")
    assert (await desk.get(name)).draft is None


@pytest.mark.parametrize("end", ["close", "cancel"])
async def test_a_draft_goes_with_the_end_of_its_conversation(desk, end):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await save_draft(desk, name, "Have you")

    if end == "close":
        await desk.close(name)
    else:
        await desk.transfer(name)
        await desk.store.handoffs.cancel(name, message_id="c", now_ms=desk.now)

    assert (await desk.get(name)).draft is None


async def test_a_returning_agent_is_told_once_what_was_taken(desk):
    await desk.agent(capacity=LOST_KEPT + 10)
    name, wrapped = await desk.talk(State.ASSIGNED), await desk.talk(State.WRAP_UP)
    offered = await desk.talk(State.OFFERED)
    for taken in (name, wrapped, offered):
        await lose(desk, taken)

    told = await desk.store.agents.lost("anna")

    assert [loss["conversation_id"] for loss in told] == [wrapped, name]
    assert {loss["reason"] for loss in told} == {"lost"}
    await desk.store.agents.forget_lost("anna")
    assert await desk.store.agents.lost("anna") == []


async def test_who_is_away_while_somebody_takes_over_is_told_on_return(desk):
    for agent_id in ("anna", "sofia"):
        await desk.agent(agent_id)
    name = await desk.talk(State.ASSIGNED)

    await desk.take_over(name, "sofia")

    [loss] = await desk.store.agents.lost("anna")
    assert (loss["conversation_id"], loss["reason"]) == (name, "taken_over")


# ── missed offers ─────────────────────────────────────────────────────────────────────────────


async def test_two_missed_offers_in_a_row_set_an_agent_away_and_say_why(desk):
    await desk.agent()
    names = [await desk.talk(State.OFFERED) for _ in range(MISSES_TO_AWAY)]
    before = await desk.store.signals.last_id()
    desk.clock.advance(OFFER_MS + 1)

    await expire(desk, names[0])
    assert (await desk.store.agents.get("anna")).presence is Presence.ONLINE
    for name in names[1:]:
        await expire(desk, name)

    anna = await desk.store.agents.get("anna")
    assert (anna.presence, anna.presence_reason) == (Presence.AWAY, "missed_offers")
    assert await desk.store.agents.online() == []
    [(_, signal)] = await desk.store.redis.xrange(desk.store.keys.signals, min=f"({before}")
    assert '"reason":"missed_offers"' in signal["data"]


async def test_a_new_tab_leaves_the_presence_and_its_reason_as_they_were(desk):
    await desk.agent(presence="online")
    missed = [await desk.talk(State.OFFERED) for _ in range(MISSES_TO_AWAY)]
    desk.clock.advance(OFFER_MS + 1)
    for name in missed:
        await expire(desk, name)
    about = {"languages": ["en"], "capacity": 2, "now_ms": desk.now}

    await desk.store.agents.register("anna", name="Anna", **about)
    await desk.store.agents.register("new", name="New", **about)

    anna, new = await desk.store.agents.get_many(["anna", "new"])
    assert (anna.presence, anna.presence_reason) == (Presence.AWAY, "missed_offers")
    assert (new.presence, new.presence_reason) == (Presence.OFFLINE, None)


@pytest.mark.parametrize("between", ["accept", "decline", "online"])
async def test_an_answer_or_coming_online_by_hand_begins_the_count_anew(desk, between):
    await desk.agent()
    missed = await desk.talk(State.OFFERED)
    desk.clock.advance(OFFER_MS + 1)
    await expire(desk, missed)
    other = await desk.talk(State.OFFERED)
    if between == "online":
        await desk.store.agents.set_presence("anna", presence=Presence.ONLINE, now_ms=desk.now)
    else:
        await getattr(desk, between)(other)
    another = await desk.talk(State.OFFERED)
    desk.clock.advance(OFFER_MS + 1)

    await expire(desk, another)

    assert (await desk.store.agents.get("anna")).presence is Presence.ONLINE


async def test_what_else_is_offered_to_an_agent_set_away_goes_back_at_once(desk):
    await desk.agent()
    first, second = await desk.talk(State.OFFERED), await desk.talk(State.OFFERED)
    desk.clock.advance(OFFER_MS + 1)
    fresh = await desk.talk(State.OFFERED)

    await expire(desk, first)
    await expire(desk, second)

    talk = await desk.get(fresh)
    assert (talk.state, talk.passed_by) == (State.WAITING, ())
    assert (await last(desk, fresh)).data["reason"] == "agent_away"


async def test_an_offer_withdrawn_from_who_went_away_is_no_miss(desk):
    await desk.agent()
    name = await desk.talk(State.OFFERED)
    await desk.store.agents.set_presence("anna", presence=Presence.AWAY, now_ms=desk.now)

    for _ in range(2):  # the second finds nothing to do
        await desk.store.handoffs.withdraw_offers("anna", now_ms=desk.now)

    assert await desk.state(name) is State.WAITING
    assert (await desk.types(name)).count("offer.expired") == 1
    assert "misses" not in await desk.store.redis.hgetall(desk.store.keys.agent("anna"))


async def test_what_is_offered_to_who_is_online_stays_offered(desk):
    await desk.agent()
    name = await desk.talk(State.OFFERED)

    await desk.store.handoffs.withdraw_offers("anna", now_ms=desk.now)

    assert await desk.state(name) is State.OFFERED
    assert (await expire(desk, name)).result is ExpireResult.NOT_DUE
