"""A supervisor passes on what waits or what somebody else has: fenced, once, the wait kept."""

import asyncio

import pytest

from handoff_service.domain import State
from handoff_service.store.holdings import Target
from handoff_service.store.results import OfferResult, PostResult, ReassignResult
from tests.handoff_service.desk import TEAM, Desk

ANYONE = Target("anyone", "", "")


@pytest.fixture
def desk(store, clock):
    return Desk(store, clock)


async def reassign(desk, name, *, epoch=None, target=TEAM, first=False):
    return await desk.store.holdings.reassign(
        name,
        by="sue",
        epoch=epoch or await desk.epoch(name),
        target=target,
        note="please",
        first=first,
        now_ms=desk.now,
    )


@pytest.mark.parametrize("state", [State.WAITING, State.OFFERED, State.ASSIGNED, State.PARKED])
async def test_what_is_open_goes_back_to_its_place_in_line_for_whom_was_named(desk, clock, state):
    await desk.agent()
    name = await desk.talk(state)
    since_ms = (await desk.get(name)).waiting_since_ms
    clock.advance(60_000)
    later = await desk.talk(State.WAITING)

    outcome = await reassign(desk, name)

    talk, [event] = await desk.get(name), (await desk.store.conversations.events(name))[-1:]
    assert outcome.result is ReassignResult.DONE
    assert (talk.state, talk.agent_id) == (State.WAITING, None)
    assert (talk.needs.team, talk.waiting_since_ms) == ("returns", since_ms)
    assert await desk.store.queue.waiting() == [name, later]
    assert (await desk.store.agents.get("anna")).load == 0
    assert event.type == "handoff.transferred"
    assert (event.data["by"], event.data["to"]["id"], event.data["place"]) == ("sue", "returns", 1)


@pytest.mark.parametrize(
    "state", [State.BOT, State.WRAP_UP, State.CLOSED, State.MESSAGE_LEFT], ids=str
)
async def test_what_nobody_waits_in_stays_as_it_is(desk, state):
    await desk.agent()
    name = await desk.talk(state)
    before = await desk.get(name)

    assert (await reassign(desk, name)).result is ReassignResult.NOT_OPEN
    assert await desk.get(name) == before


async def test_a_decision_about_an_owner_who_is_gone_changes_nothing(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    seen = await desk.epoch(name)
    await desk.take_over(name, await desk.agent("sofia"))

    assert (await reassign(desk, name, epoch=seen)).result is ReassignResult.STALE
    assert (await desk.get(name)).agent_id == "sofia"


async def test_the_agent_it_was_taken_from_can_write_no_more(desk):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    seen = await desk.epoch(name)

    await reassign(desk, name)
    posted = await desk.store.conversations.post_agent_message(
        name, agent_id="anna", epoch=seen, message_id="m", text="hi", now_ms=desk.now
    )

    assert posted.result is PostResult.NOT_YOURS


async def test_one_of_two_supervisors_who_decide_at_once_wins(desk):
    await desk.agent()
    for _ in range(20):
        name = await desk.talk(State.ASSIGNED)
        epoch = await desk.epoch(name)

        outcomes = await asyncio.gather(
            *(
                desk.store.holdings.reassign(name, by=by, epoch=epoch, target=TEAM, now_ms=desk.now)
                for by in ("sue", "tom")
            )
        )

        # The second decided about an agent who has it no more.
        assert sorted(outcome.result for outcome in outcomes) == [
            ReassignResult.DONE,
            ReassignResult.STALE,
        ]


async def test_what_is_given_back_goes_before_everybody_else(desk, clock):
    await desk.agent()
    first = await desk.talk(State.WAITING)
    clock.advance(60_000)
    name = await desk.talk(State.ASSIGNED)

    await reassign(desk, name, target=ANYONE, first=True)

    assert await desk.store.queue.waiting() == [name, first]


async def test_less_than_usual_can_be_offered_until_the_agent_goes_offline(desk):
    await desk.agent(capacity=5)
    await desk.store.agents.set_capacity("anna", capacity=1)
    one, two = [await desk.talk(State.WAITING) for _ in range(2)]

    assert (await desk.offer(one)).result is OfferResult.OFFERED
    assert (await desk.offer(two)).result is OfferResult.AGENT_FULL
    await desk.agent(capacity=5, presence="online")  # another tab opens
    agent = await desk.store.agents.get("anna")
    assert (agent.capacity, agent.usual_capacity) == (1, 5)

    await desk.agent(capacity=5, presence="offline")

    assert (await desk.store.agents.get("anna")).capacity == 5


async def test_since_when_a_customer_waits_for_a_word_is_known(desk, clock):
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    assigned_ms = desk.now
    clock.advance(1000)
    await desk.say(name)
    assert (await desk.get(name)).unanswered_ms == assigned_ms

    await desk.store.conversations.post_agent_message(
        name, agent_id="anna", epoch=await desk.epoch(name), message_id="m", text="hi",
        now_ms=desk.now,
    )  # fmt: skip
    assert (await desk.get(name)).unanswered_ms is None

    clock.advance(1000)
    await desk.say(name)
    clock.advance(1000)
    await desk.say(name)
    assert (await desk.get(name)).unanswered_ms == desk.now - 1000
    await desk.wrap_up(name)
    assert (await desk.get(name)).unanswered_ms is None
