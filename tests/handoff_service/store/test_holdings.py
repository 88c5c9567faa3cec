"""A conversation that a person has: passed on, taken over, set aside."""

import pytest

from handoff_service.conversation import Needs
from handoff_service.domain import State
from handoff_service.store.codec import to_json
from handoff_service.store.holdings import Target
from handoff_service.store.results import (
    CompleteResult,
    HoldResult,
    PostResult,
    ResumeResult,
    TakeResult,
    WhisperResult,
)
from tests.handoff_service.desk import PARK_MS


async def last(desk, name):
    return (await desk.store.conversations.events(name))[-1]


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
