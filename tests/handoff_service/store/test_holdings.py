"""A conversation that a person has: passed on, taken over, set aside, kept through a loss."""

import pytest

from handoff_service.domain import Needs, Presence, State
from handoff_service.store.codec import to_json
from handoff_service.store.handoffs import MISSES_TO_AWAY
from handoff_service.store.holdings import Target
from handoff_service.store.keys import LOST_KEPT
from handoff_service.store.results import (
    CompleteResult,
    ExpireResult,
    HoldResult,
    PostResult,
    ResumeResult,
    TakeResult,
    WhisperResult,
)
from tests.handoff_service.desk import OFFER_MS, PARK_MS


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


# ── passed on ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("target", "wanted", "needs"),
    [
        (Target("agent", "boris", "Boris"), "boris", Needs()),
        (Target("team", "returns", "Returns"), None, Needs(team="returns")),
        (Target("skill", "hub", "hub"), None, Needs(skill="hub")),
    ],
)
async def test_what_is_passed_on_waits_for_its_target(desk, target, wanted, needs):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)

    outcome = await desk.transfer(name, to=target, note="knows the hub")

    talk, event = await desk.get(name), await last(desk, name)
    assert outcome.result is HoldResult.DONE
    assert (talk.state, talk.wanted_agent, talk.needs) == (State.WAITING, wanted, needs)
    assert talk.passed_by == ("anna",)
    assert event.data["to"] == {"kind": target.kind, "id": target.id, "name": target.name}
    assert (event.data["agent_id"], event.data["note"]) == ("anna", "knows the hub")
    assert ("Boris" in event.data["text"]) == (target.kind == "agent")
    assert "note" not in event.for_customer().data


async def test_who_is_passed_on_keeps_the_waiting_time_and_the_place(desk):
    await desk.agent(capacity=5)
    name = await desk.talk(State.ASSIGNED)
    since = (await desk.get(name)).waiting_since_ms
    desk.clock.advance(60_000)
    later = await desk.talk(State.WAITING)

    await desk.transfer(name)

    assert (await desk.get(name)).waiting_since_ms == since
    assert (await last(desk, name)).data["place"] == 1
    assert await desk.store.queue.place(later) == 2


async def test_whom_an_agent_names_replaces_what_the_rules_asked_for_but_not_how_urgent_it_is(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    by_rule = Needs(skill="hub", level=3, team="berlin", priority=8, tier="VIP", weight=2)
    key = desk.store.keys.conversation(name)
    await desk.store.redis.hset(key, "needs", to_json(by_rule.to_json()))

    await desk.transfer(name, to=Target("agent", "boris", "Boris"))

    assert (await desk.get(name)).needs == Needs(priority=8, tier="VIP", weight=2)


async def test_an_agents_target_is_forgotten_once_somebody_accepts(desk):
    for agent_id in ("anna", "boris"):
        await desk.agent(agent_id)
    name = await desk.talk(State.ASSIGNED)
    await desk.transfer(name, to=Target("agent", "boris", "Boris"))
    await desk.offer(name, "boris")
    await desk.accept(name, "boris")

    talk = await desk.get(name)

    assert (talk.wanted_agent, talk.known_agent) == (None, "boris")


async def test_a_message_written_before_the_transfer_was_known_is_refused(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    epoch = await desk.epoch(name)
    await desk.transfer(name)
    await desk.offer(name)
    await desk.accept(name)

    late = await desk.store.conversations.post_agent_message(
        name, agent_id="anna", epoch=epoch, message_id="x", text="late", now_ms=desk.now
    )

    assert late.result is PostResult.STALE


# ── the bot after a person ────────────────────────────────────────────────────────────────────


async def test_the_bot_owes_nothing_to_who_waits_to_talk_on_with_a_person(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await desk.transfer(name)

    await desk.say(name, "are you there?")

    assert await desk.store.turns.claim("w", count=1, block_ms=1) == []


async def test_an_answer_under_way_is_not_heard_once_a_person_was_there(desk):
    await desk.agent()
    name = await desk.talk(State.WAITING)
    await desk.say(name, "how long does it take?")
    job, turn = await desk.work()
    await desk.offer(name)
    await desk.accept(name)
    await desk.transfer(name)

    outcome = await desk.complete(job, turn, "About five minutes.")

    assert outcome.result is CompleteResult.STALE
    assert "About five minutes." not in [
        event.data.get("text") for event in await desk.store.conversations.events(name)
    ]


async def test_after_going_back_to_the_bot_it_answers_again(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    await desk.transfer(name)
    await desk.store.handoffs.cancel(name, message_id="back", now_ms=desk.now)

    await desk.say(name, "how do I reset it?")

    assert (await desk.work())[1].text == "how do I reset it?"


# ── taken over ────────────────────────────────────────────────────────────────────────────────


async def test_who_takes_over_writes_and_who_had_it_no_longer_can(desk):
    for agent_id in ("anna", "sofia"):
        await desk.agent(agent_id)
    name = await desk.talk(State.ASSIGNED)
    epoch = await desk.epoch(name)

    outcome = await desk.take_over(name, "sofia")

    event = await last(desk, name)
    assert (outcome.result, outcome.epoch) == (TakeResult.TAKEN_OVER, epoch + 1)
    assert (event.data["agent_id"], event.data["from_agent_id"]) == ("sofia", "anna")
    assert "Sofia" in event.data["text"]
    assert [(await desk.store.agents.get(a)).load for a in ("anna", "sofia")] == [0, 1]
    late = await desk.store.conversations.post_agent_message(
        name, agent_id="anna", epoch=epoch, message_id="x", text="late", now_ms=desk.now
    )
    assert late.result is PostResult.NOT_YOURS


async def test_a_conversation_is_picked_from_the_queue_by_hand_beyond_capacity(desk):
    await desk.agent("sofia", capacity=1)
    await desk.talk(State.ASSIGNED, agent_id="sofia")
    name = await desk.talk(State.WAITING)

    await desk.take_over(name, "sofia")

    assert (await desk.get(name)).agent_id == "sofia"
    assert (await desk.store.agents.get("sofia")).load == 2
    assert (await last(desk, name)).data["from_agent_id"] is None


@pytest.mark.parametrize("state", [State.BOT, State.WRAP_UP, State.CLOSED])
async def test_nothing_is_taken_over_that_is_the_bots_or_over(desk, state):
    for agent_id in ("anna", "sofia"):
        await desk.agent(agent_id)
    name = await desk.talk(state)

    assert (await desk.take_over(name, "sofia")).result is TakeResult.NOT_OPEN


async def test_only_who_is_known_to_the_desk_takes_over(desk):
    name = await desk.talk(State.WAITING)

    assert (await desk.take_over(name, "stranger")).result is TakeResult.NO_AGENT
    assert await desk.state(name) is State.WAITING


async def test_a_whisper_is_for_agents_and_moves_nothing(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    epoch = await desk.epoch(name)

    async def whisper():
        return await desk.store.holdings.whisper(
            name, agent_id="sofia", author_name="Sofia", message_id="w", text="Hm", now_ms=desk.now
        )

    first, second = await whisper(), await whisper()

    event = await last(desk, name)
    assert (first.result, second.result) == (WhisperResult.WHISPERED, WhisperResult.REPEATED)
    assert (event.type, event.data["text"], event.for_customer()) == ("whisper.posted", "Hm", None)
    assert (await desk.state(name), await desk.epoch(name)) == (State.ASSIGNED, epoch)


# ── set aside ─────────────────────────────────────────────────────────────────────────────────


async def test_a_parked_conversation_is_nobodys_load_and_stays_its_agents(desk):
    await desk.agent()
    name = await desk.talk(State.PARKED)

    talk = await desk.get(name)
    assert (talk.agent_id, talk.parked_until_ms) == ("anna", desk.now + PARK_MS)
    assert (await desk.store.agents.get("anna")).load == 0
    assert await desk.store.agents.held("anna") == []
    assert await desk.store.agents.parked("anna") == [name]


async def test_what_is_due_goes_back_in_line_first_before_who_parked_it(desk):
    await desk.agent()
    name = await desk.talk(State.PARKED)
    since = (await desk.get(name)).waiting_since_ms
    early = await desk.store.holdings.resume_due(name, now_ms=desk.now)
    desk.clock.advance(PARK_MS)

    outcome = await desk.store.holdings.resume_due(name, now_ms=desk.now)

    talk = await desk.get(name)
    assert (early.result, outcome.result) == (ResumeResult.NOT_DUE, ResumeResult.RESUMED)
    assert (talk.state, talk.wanted_agent, talk.agent_id) == (State.WAITING, "anna", None)
    assert (talk.waiting_since_ms, talk.parked_until_ms) == (since, None)
    assert (await last(desk, name)).data == {"reason": "due", "agent_id": None, "place": 1}


async def test_a_customer_who_is_away_is_not_missed_in_line_when_it_is_due(desk):
    await desk.agent()
    due, written = await desk.talk(State.PARKED), await desk.talk(State.PARKED)
    desk.clock.advance(PARK_MS)
    await desk.store.holdings.resume_due(due, now_ms=desk.now)
    await desk.say(written, "any news?")
    present = desk.store.keys.present

    assert await desk.store.redis.zscore(present, due) is None
    assert await desk.store.redis.zscore(present, written) == desk.now


async def test_a_customer_who_writes_brings_a_parked_conversation_back(desk):
    await desk.agent()
    name = await desk.talk(State.PARKED)

    outcome = await desk.say(name, "any news?")

    *_, said, resumed = await desk.store.conversations.events(name)
    assert (said.seq, said.data["text"]) == (outcome.seq, "any news?")
    assert (resumed.type, resumed.data["reason"]) == ("conversation.resumed", "customer")
    assert (await desk.get(name)).wanted_agent == "anna"


async def test_only_who_parked_it_takes_it_up_again_others_take_it_over(desk):
    for agent_id in ("anna", "sofia"):
        await desk.agent(agent_id)
    name = await desk.talk(State.PARKED)

    refused = await desk.resume(name, "sofia")
    assert refused.result is ResumeResult.NOT_PARKED
    assert (await desk.resume(name)).result is ResumeResult.RESUMED
    assert (await desk.store.agents.get("anna")).load == 1
    await desk.park(name)
    assert (await desk.take_over(name, "sofia")).result is TakeResult.TAKEN_OVER
    assert (await last(desk, name)).data["from_agent_id"] == "anna"


async def test_who_parked_it_cannot_write_until_they_take_it_up(desk):
    await desk.agent()
    name = await desk.talk(State.PARKED)

    posted = await desk.store.conversations.post_agent_message(
        name, agent_id="anna", epoch=await desk.epoch(name), message_id="x", text="y",
        now_ms=desk.now,
    )  # fmt: skip

    assert posted.result is PostResult.NOT_YOURS


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
