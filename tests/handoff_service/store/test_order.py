"""The order of service and what an agent's capacity holds, as the scripts reckon them."""

import pytest

from handoff_service.conversation import Needs
from handoff_service.domain import Presence, State
from handoff_service.store.codec import to_json
from handoff_service.store.results import OfferResult


async def waiting(desk, needs):
    """Return a conversation in line that needs this, put there as a transfer puts one back."""
    await desk.agent()
    name = await desk.talk(State.ASSIGNED)
    key = desk.store.keys.conversation(name)
    await desk.store.redis.hset(key, "needs", to_json(needs.to_json()))
    await desk.transfer(name)
    return name


async def test_priority_comes_before_every_wait_and_the_nearest_promise_before_the_longest_wait(
    desk,
):
    usual = await waiting(desk, Needs())
    desk.clock.advance(3_600_000)
    urgent = await waiting(desk, Needs(priority=9))
    promised = await waiting(desk, Needs(sla_ms=60_000))
    idle = await waiting(desk, Needs(priority=0))

    assert await desk.store.queue.waiting() == [urgent, promised, usual, idle]


@pytest.mark.parametrize(
    ("weights", "capacity", "result"),
    [
        ((1, 1), 2, OfferResult.OFFERED),
        ((1, 2), 2, OfferResult.AGENT_FULL),
        ((3,), 2, OfferResult.OFFERED),  # who holds nothing takes even what is too heavy
        ((2, 1), 3, OfferResult.OFFERED),
        ((2, 2), 3, OfferResult.AGENT_FULL),
    ],
)
async def test_an_offer_fits_by_weight(desk, weights, capacity, result):
    names = [await waiting(desk, Needs(weight=weight)) for weight in weights]
    await desk.agent("boris", capacity=capacity)

    outcomes = [await desk.offer(name, "boris") for name in names]

    assert outcomes[-1].result is result
    held = sum(
        weight
        for weight, outcome in zip(weights, outcomes, strict=True)
        if outcome.result is OfferResult.OFFERED
    )
    assert (await desk.store.agents.get("boris")).load == held


async def test_skills_and_teams_of_an_agent_are_known_to_the_desk(desk):
    await desk.store.agents.register(
        "anna",
        name="Anna",
        languages=["en"],
        capacity=3,
        presence=Presence.ONLINE,
        skills={"hub": 4},
        teams=["berlin"],
        now_ms=desk.now,
    )

    anna = await desk.store.agents.get("anna")

    assert (anna.skills, anna.teams) == ({"hub": 4}, ("berlin",))


async def test_a_conversation_names_its_latest_entry_in_the_log(desk):
    name = await desk.talk(State.WAITING)

    newest = await desk.store.log.last_id()

    key = desk.store.keys.conversation(name)
    assert await desk.store.redis.hget(key, "log_id") == newest
