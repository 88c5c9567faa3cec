"""The bot helps a customer who waits for a person: under the queue's epoch, never after it."""

import asyncio
import random

import pytest

from handoff_service.domain import State
from handoff_service.store.results import AcceptResult, CompleteResult
from handoff_service.turn import Reply
from tests.handoff_service.desk import ASKED

S = State
#: States in which a customer waits: the queue owns the conversation.
WAITING = (S.WAITING, S.OFFERED, S.MESSAGE_LEFT)
ROUNDS = 100


async def said_by_bot(desk, name):
    return [
        event.data["text"]
        for event in await desk.store.conversations.events(name)
        if event.type.value == "message.posted" and event.data["author"] == "bot"
    ]


@pytest.mark.parametrize("state", WAITING)
async def test_a_question_is_answered_meanwhile_and_the_place_is_kept(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    before = await desk.get(name)

    await desk.say(name, "and how do I reset it?")
    job, turn = await desk.work()
    outcome = await desk.complete(job, turn, "Hold the button.")

    after = await desk.get(name)
    assert outcome.result is CompleteResult.COMPLETED
    assert await said_by_bot(desk, name) == ["Hold the button."]
    assert (after.state, after.epoch) == (state, before.epoch) == (state, turn.epoch)
    assert (after.waiting_since_ms, after.deadline_ms) == (
        before.waiting_since_ms,
        before.deadline_ms,
    )
    assert await desk.store.redis.zscore(desk.store.keys.timers, name) is None, "would close it"


@pytest.mark.parametrize("state", WAITING)
async def test_only_answers_are_said_meanwhile_and_no_second_handoff_is_made(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    await desk.say(name, "hello? a person!")
    job, turn = await desk.work()
    replies = [
        Reply(kind, kind) for kind in ("smalltalk", "answer", "clarify", "offer_person", "triage")
    ]

    outcome = await desk.store.turns.complete(
        job, turn, replies=replies, handoff=ASKED, now_ms=desk.now
    )

    assert outcome.result is CompleteResult.COMPLETED
    assert await said_by_bot(desk, name) == ["answer"]
    assert (await desk.types(name)).count("handoff.requested") == 1
    assert await desk.state(name) is state


async def test_a_turn_with_nothing_to_say_is_done_and_the_next_is_owed(desk):
    name = await desk.talk(S.WAITING)
    await desk.say(name, "ok")
    await desk.say(name, "how long is the warranty?")
    job, turn = await desk.work()

    done = await desk.complete(job, turn, "You are welcome.", kind="smalltalk")
    again = await desk.complete(job, turn, "You are welcome.", kind="smalltalk")
    _, following = await desk.work()

    assert (done.result, again.result) == (CompleteResult.COMPLETED, CompleteResult.REPEATED)
    assert following.text == "how long is the warranty?"


@pytest.mark.parametrize("state", WAITING)
async def test_back_to_the_bot_by_words_is_one_step_and_happens_once(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    epoch = await desk.epoch(name)
    await desk.say(name, "never mind, go on")
    job, turn = await desk.work()

    outcome = await desk.complete(job, turn, "Gladly!", kind="back_to_bot")
    again = await desk.complete(job, turn, "Gladly!", kind="back_to_bot")

    *_, cancelled, said = await desk.store.conversations.events(name)
    assert (outcome.result, again.result) == (CompleteResult.COMPLETED, CompleteResult.REPEATED)
    assert (cancelled.type.value, cancelled.data) == ("handoff.cancelled", {})
    assert said.data["text"] == "Gladly!"
    assert cancelled.epoch == said.epoch == outcome.epoch == epoch + 1
    talk = await desk.get(name)
    assert (talk.state, talk.handoff, talk.agent_id) == (S.BOT, None, None)
    assert await desk.store.agents.held("anna") == []
    assert (await desk.store.agents.get("anna")).load == 0


async def test_who_does_not_wait_is_only_told_so(desk):
    name = await desk.talk()
    await desk.say(name, "go on")
    job, turn = await desk.work()

    await desk.complete(job, turn, "Gladly!", kind="back_to_bot")

    assert "handoff.cancelled" not in await desk.types(name)
    assert await said_by_bot(desk, name) == ["Gladly!"]


async def test_an_answer_that_comes_after_the_acceptance_is_not_heard(desk):
    await desk.agent()
    name = await desk.talk(S.OFFERED)
    await desk.say(name)
    job, turn = await desk.work()
    await desk.accept(name)

    outcome = await desk.complete(job, turn, "too late")

    assert outcome.result is CompleteResult.STALE
    assert await said_by_bot(desk, name) == []
    assert await desk.store.turns.claim("w2", count=1, block_ms=1) == []


async def test_a_turn_owed_when_an_agent_accepts_is_the_agents_to_read(desk):
    await desk.agent()
    name = await desk.talk(S.OFFERED)
    await desk.say(name, "are you there?")
    [job] = await desk.store.turns.claim("w", count=1)
    await desk.accept(name)

    assert await desk.store.turns.next(job, now_ms=desk.now) is None


async def test_what_was_asked_while_waiting_is_answered_after_the_customer_goes_back(desk):
    name = await desk.talk(S.WAITING)
    await desk.say(name, 'a text that ends like a turn "epoch":7}')
    job, turn = await desk.work("slow")
    await desk.store.handoffs.cancel(name, message_id="c", now_ms=desk.now)

    late = await desk.complete(job, turn, "decided while waiting")
    again, owed = await desk.work("quick")
    done = await desk.complete(again, owed, "decided by the bot", kind="smalltalk")

    assert late.result is CompleteResult.STALE
    assert (owed.turn, owed.text, owed.epoch) == (turn.turn, turn.text, turn.epoch + 1)
    assert done.result is CompleteResult.COMPLETED
    assert await said_by_bot(desk, name) == ["decided by the bot"]


async def test_the_offer_shows_the_agent_what_the_bot_said_meanwhile(desk):
    await desk.agent()
    name = await desk.talk(S.WAITING)
    await desk.say(name, "how do I reset it?")
    job, turn = await desk.work()
    await desk.complete(job, turn, "Hold the button.")
    await desk.offer(name)

    shown = await desk.store.handoffs.offer_view(name)

    texts = [event.data.get("text") for event in shown.transcript]
    assert texts[-3:-1] == ["how do I reset it?", "Hold the button."]


async def test_the_bot_never_speaks_after_an_acceptance_however_close_it_is(desk):
    await desk.agent(capacity=ROUNDS)
    results = set()
    for number in range(ROUNDS):
        name = await desk.talk(S.OFFERED)
        await desk.say(name)
        job, turn = await desk.work()
        kind = "back_to_bot" if number % 2 else "answer"

        accepted, completed = await asyncio.gather(
            _after_a_while(desk, lambda name=name: desk.accept(name)),
            _after_a_while(
                desk,
                lambda job=job, turn=turn, kind=kind: desk.complete(job, turn, "so", kind=kind),
            ),
        )

        events = await desk.store.conversations.events(name)
        types = [event.type.value for event in events]
        talk = await desk.get(name)
        if accepted.result is AcceptResult.ACCEPTED:
            after = events[types.index("handoff.assigned") :]
            assert [event.data.get("author") for event in after] == [None]
            assert talk.state is S.ASSIGNED
        else:
            assert (talk.state, kind) == (S.BOT, "back_to_bot")
            assert accepted.result is AcceptResult.GONE
        assert (name in await desk.store.agents.held("anna")) == (talk.state is S.ASSIGNED)
        assert ("so" in await said_by_bot(desk, name)) == (
            completed.result is CompleteResult.COMPLETED
        )
        results.add((kind, accepted.result.value, completed.result.value))
    assert results >= {
        ("answer", "ACCEPTED", "COMPLETED"),
        ("answer", "ACCEPTED", "STALE"),
        ("back_to_bot", "GONE", "COMPLETED"),
        ("back_to_bot", "ACCEPTED", "STALE"),
    }, "the race was never close: it proves nothing"


async def test_going_back_by_words_while_an_offer_moves_frees_whoever_has_it(desk):
    for agent_id in ("anna", "boris"):
        await desk.agent(agent_id, capacity=ROUNDS)
    for _ in range(ROUNDS // 2):
        name = await desk.talk(S.OFFERED, agent_id="anna")
        await desk.say(name)
        job, turn = await desk.work()

        async def move_on(name=name):
            await desk.decline(name, "anna")
            await desk.offer(name, "boris")

        await asyncio.gather(
            _after_a_while(desk, move_on),
            _after_a_while(
                desk, lambda job=job, turn=turn: desk.complete(job, turn, "so", kind="back_to_bot")
            ),
        )

        assert await desk.state(name) is S.BOT
        held = [await desk.store.agents.held(agent_id) for agent_id in ("anna", "boris")]
        assert held == [[], []]


async def _after_a_while(desk, act):
    for _ in range(random.randrange(4)):
        await desk.store.redis.ping()
    return await act()
