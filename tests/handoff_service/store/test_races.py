"""Who is first wins; nobody else does, however close it is."""

import asyncio
import random

from handoff_service.domain import State
from handoff_service.store.results import (
    AcceptResult,
    HoldResult,
    OfferResult,
    PostResult,
    TakeResult,
)
from tests.handoff_service.desk import OFFER_MS

ROUNDS = 200


async def _offer_to(desk, name, agent_id, *, now_ms):
    return await desk.store.handoffs.offer(
        name,
        agent_id=agent_id,
        epoch=2,
        deadline_ms=now_ms + OFFER_MS,
        now_ms=now_ms,
    )


async def _a_random_while(desk):
    for _ in range(random.randrange(4)):
        await desk.store.redis.ping()


async def test_of_two_agents_who_accept_one_offer_exactly_one_wins(desk):
    """The offer moves from Anna to Boris while both accept; Redis sees the calls in any order."""
    winners = []
    for _ in range(ROUNDS):
        for agent_id in ("anna", "boris"):
            await desk.agent(agent_id, capacity=ROUNDS)
        name = await desk.talk(State.OFFERED, agent_id="anna")
        late = desk.now + OFFER_MS + 1

        async def accept(agent_id, now_ms, name=name):
            await _a_random_while(desk)
            return await desk.store.handoffs.accept(name, agent_id=agent_id, epoch=2, now_ms=now_ms)

        async def move_to_boris(name=name, late=late):
            await _a_random_while(desk)
            await desk.store.handoffs.expire_offer(name, agent_id="anna", epoch=2, now_ms=late)
            await _offer_to(desk, name, "boris", now_ms=late)
            return await accept("boris", late)

        outcomes = await asyncio.gather(
            accept("anna", desk.now), accept("boris", late), move_to_boris()
        )

        talk = await desk.get(name)
        accepted = [one for one in outcomes if one.result is AcceptResult.ACCEPTED]
        assert len(accepted) == 1
        assert talk.state is State.ASSIGNED
        assert (await desk.types(name)).count("handoff.assigned") == 1
        held = [name in await desk.store.agents.held(agent) for agent in ("anna", "boris")]
        assert held.count(True) == 1
        assert name in await desk.store.agents.held(talk.agent_id)
        winners.append(talk.agent_id)
    assert set(winners) == {"anna", "boris"}, "the race was never close: it proves nothing"


async def test_two_routers_offer_one_conversation_once(desk):
    for agent_id in ("anna", "boris"):
        await desk.agent(agent_id, capacity=ROUNDS)
    for _ in range(20):
        name = await desk.talk(State.WAITING)

        outcomes = await asyncio.gather(
            _offer_to(desk, name, "anna", now_ms=desk.now),
            _offer_to(desk, name, "boris", now_ms=desk.now),
        )

        results = sorted(outcome.result for outcome in outcomes)
        assert results == [OfferResult.NOT_WAITING, OfferResult.OFFERED]


async def test_an_agent_never_gets_more_than_the_capacity_however_many_offer(desk):
    await desk.agent(capacity=3)
    names = [await desk.talk(State.WAITING) for _ in range(10)]

    outcomes = await asyncio.gather(
        *(_offer_to(desk, name, "anna", now_ms=desk.now) for name in names)
    )

    results = [outcome.result for outcome in outcomes]
    assert results.count(OfferResult.OFFERED) == 3
    assert results.count(OfferResult.AGENT_FULL) == 7
    assert (await desk.store.agents.get("anna")).load == 3


async def test_a_cancel_and_an_accept_leave_one_owner(desk):
    await desk.agent(capacity=ROUNDS)
    for number in range(50):
        name = await desk.talk(State.OFFERED)

        await asyncio.gather(
            desk.store.handoffs.cancel(name, message_id=f"c{number}", now_ms=desk.now),
            desk.store.handoffs.accept(name, agent_id="anna", epoch=2, now_ms=desk.now),
        )

        talk = await desk.get(name)
        held = name in await desk.store.agents.held("anna")
        assert (talk.state, held) in {(State.BOT, False), (State.ASSIGNED, True)}


async def test_of_who_accepts_and_who_takes_over_one_holds_it_and_no_load_is_left_behind(desk):
    holders = []
    for _ in range(ROUNDS // 4):
        for agent_id in ("anna", "sofia", "maria"):
            await desk.agent(agent_id, capacity=ROUNDS)
        name = await desk.talk(State.OFFERED)

        async def soon(step, agent_id, name=name):
            await _a_random_while(desk)
            return await step(name, agent_id)

        accepted, *taken = await asyncio.gather(
            soon(desk.accept, "anna"), soon(desk.take_over, "sofia"), soon(desk.take_over, "maria")
        )

        talk = await desk.get(name)
        assert [one.result for one in taken] == [TakeResult.TAKEN_OVER] * 2
        assert talk.agent_id in {"sofia", "maria"}
        assert talk.epoch == 2 + len(taken) + (accepted.result is AcceptResult.ACCEPTED)
        held = {a: name in await desk.store.agents.held(a) for a in ("anna", "sofia", "maria")}
        assert [agent for agent, holds in held.items() if holds] == [talk.agent_id]
        holders.append(talk.agent_id)
        await desk.close(name)
    assert set(holders) == {"sofia", "maria"}, "the race was never close: it proves nothing"
    assert [(await desk.store.agents.get(a)).load for a in ("anna", "sofia", "maria")] == [0] * 3


async def test_what_is_written_while_it_is_passed_on_is_either_said_or_refused(desk):
    for _ in range(20):
        await desk.agent(capacity=ROUNDS)
        name = await desk.talk(State.ASSIGNED)
        epoch = await desk.epoch(name)

        async def write(name=name, epoch=epoch):
            await _a_random_while(desk)
            return await desk.store.conversations.post_agent_message(
                name, agent_id="anna", epoch=epoch, message_id="x", text="hi", now_ms=desk.now
            )

        async def pass_on(name=name):
            await _a_random_while(desk)
            return await desk.transfer(name)

        written, passed = await asyncio.gather(write(), pass_on())

        types = await desk.types(name)
        assert passed.result is HoldResult.DONE
        assert types.count("message.posted") == (written.result is PostResult.POSTED)
        if written.result is PostResult.POSTED:
            assert types.index("message.posted") < types.index("handoff.transferred")
