"""What the rules ask for is kept with the conversation, and orders the queue as the policy does."""

from functools import partial

import pytest

from handoff_service.conversation import Handoff, Needs
from handoff_service.domain import State
from handoff_service.routing.needs import RoutingRules, Rule, needs_of
from handoff_service.routing.policy import order, score
from handoff_service.store import open_store
from handoff_service.store.codec import to_json
from tests.handoff_service.desk import Desk

RULES = RoutingRules(
    default=Rule(sla_ms=600_000),
    topics={"refund": Rule(skill="billing", level=2, weight=2)},
    reasons={"safety": Rule(priority=9, sla_ms=60_000), "bored": Rule(priority=0)},
    flags={"vip": Rule(tier="VIP", priority=8)},
)


@pytest.fixture
async def ruled(settings, clock, store):
    """Return a desk whose handoffs go by RULES."""
    async with await open_store(settings, needs_of=partial(needs_of, RULES)) as own:
        yield Desk(own, clock)


async def _ask(desk, reason):
    name = await desk.talk()
    await desk.store.handoffs.request(name, message_id="m", now_ms=desk.now, reason=reason)
    desk.clock.advance(1000)
    return name


async def test_a_click_is_weighed_by_the_rules(ruled):
    name = await _ask(ruled, "safety")

    assert (await ruled.get(name)).needs == Needs(priority=9, sla_ms=60_000)


async def test_a_handoff_of_the_bot_is_weighed_by_the_rules(ruled):
    name = await ruled.talk()
    await ruled.say(name)
    job, turn = await ruled.work()
    handoff = Handoff(reason="asked", topic="refund", language="en")

    await ruled.complete(job, turn, "One moment.", handoff=handoff)

    needs = (await ruled.get(name)).needs
    assert needs == Needs(skill="billing", level=2, weight=2, sla_ms=600_000)


async def test_the_queue_is_in_the_order_of_the_policy(ruled):
    names = [await _ask(ruled, reason) for reason in ("bored", "asked", "safety", "asked")]
    await ruled.agent("anna")
    await ruled.offer(names[0])
    await ruled.accept(names[0])
    await ruled.store.handoffs.agent_lost(
        names[0], agent_id="anna", lost_at_ms=ruled.now, now_ms=ruled.now
    )
    assert await ruled.state(names[0]) is State.WAITING

    queued = await ruled.store.queue.everyone()

    waiting = await ruled.store.queue.read(queued)
    assert waiting[names[0]].returned
    assert queued == [names[0], names[2], names[1], names[3]]
    assert queued == sorted(queued, key=lambda name: order(waiting[name]))
    keys = ruled.store.keys
    for name in queued:
        assert await ruled.store.redis.zscore(keys.queue, name) == score(waiting[name])


async def test_what_the_router_reads_is_what_the_conversation_says(ruled):
    name = await _ask(ruled, "asked")
    fields = {
        "needs": to_json(Needs(team="nord", weight=3).to_json()),
        "wanted_agent": "anna",
        "passed_by": "boris chen",
        "passed_ms": "5",
        "any_language": "1",
        "consent_asked": "1",
        "widened": "level skill",
        "needs_since_ms": "7",
    }
    await ruled.store.redis.hset(ruled.store.keys.conversation(name), mapping=fields)
    talk = await ruled.get(name)

    waiting = (await ruled.store.queue.read([name, "nobody"]))[name]

    assert waiting.needs == talk.needs == Needs(team="nord", weight=3)
    assert (waiting.epoch, waiting.language) == (talk.epoch, talk.language)
    assert waiting.wanted_agent == talk.wanted_agent == "anna"
    assert waiting.passed_by == talk.passed_by and waiting.passed_ms == talk.passed_ms == 5
    assert waiting.any_language and waiting.consent_asked
    assert waiting.told == ("level", "skill")
    assert waiting.needs_since_ms == 7


async def test_who_served_the_customer_before_is_known_in_another_conversation(ruled):
    name = await _ask(ruled, "asked")
    customer_id = (await ruled.get(name)).customer_id
    await ruled.store.redis.set(ruled.store.keys.agent_of(customer_id), "anna")

    assert (await ruled.store.queue.read([name]))[name].known_agent == "anna"


async def test_those_who_do_not_wait_are_not_read(ruled):
    name = await ruled.talk()

    assert await ruled.store.queue.read([name, "nobody"]) == {}
    assert await ruled.store.queue.read([]) == {}
