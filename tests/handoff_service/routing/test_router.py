"""The router at work on a real store: it moves when something happens or is due."""

import asyncio

import pytest

from handoff_service.domain import Presence, State
from handoff_service.errors import StoreUnavailable
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.routing.chores import Chores
from handoff_service.routing.policy import PAUSE_AFTER_PASS_MS, Widening
from handoff_service.store import open_store
from handoff_service.store.holdings import Target
from tests.handoff_service.desk import Desk
from tests.handoff_service.routing.conftest import replica


@pytest.fixture
async def router(start_router):
    return await start_router()


async def test_a_waiting_customer_is_offered_when_an_agent_comes_online(desk, router):
    name = await desk.talk(State.WAITING)

    await desk.agent()

    offered = await desk.wait_for("handoff.offered", name=name)
    assert offered.data["agent_id"] == "anna"


async def test_a_request_is_offered_at_once_to_an_agent_who_is_there(desk, router):
    await desk.agent()

    name = await desk.talk(State.WAITING)

    await desk.wait_for("handoff.offered", name=name)


async def test_the_next_in_line_is_offered_when_an_agent_has_room_again(desk, router):
    await desk.agent(capacity=1)
    first = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=first)
    desk.clock.advance(1)
    second = await desk.talk(State.WAITING)
    await desk.accept(first)
    await desk.wrap_up(first)
    assert await desk.state(second) is State.WAITING

    await desk.close(first)

    await desk.wait_for("handoff.offered", name=second)


async def test_a_declined_conversation_goes_to_another_agent(desk, router):
    await desk.agent("anna")
    name = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=name)
    await desk.agent("boris")

    await desk.decline(name, "anna")

    offered = await desk.wait_for("handoff.offered", name=name, count=2)
    assert offered.data["agent_id"] == "boris"


async def test_a_lone_agent_who_declined_is_asked_again_after_a_pause(desk, router):
    await desk.agent()
    name = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=name)
    await desk.decline(name)
    other = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=other)
    assert (await desk.types(name)).count("handoff.offered") == 1, "asked again at once"

    desk.clock.advance(PAUSE_AFTER_PASS_MS)

    await desk.wait_for("handoff.offered", name=name, count=2)


async def test_an_offer_expires_at_its_deadline(desk, settings, router):
    await desk.agent("anna")
    name = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=name)
    await desk.agent("boris", presence="online")
    for agent_id in ("anna", "boris"):
        await desk.store.agents.heartbeat(agent_id, now_ms=desk.now + 10**9)

    desk.clock.advance(settings.offer_timeout_s * 1000 + 1)

    await desk.wait_for("offer.expired", name=name)
    offered = await desk.wait_for("handoff.offered", name=name, count=2)
    assert offered.data["agent_id"] == "boris"


async def test_an_agent_who_vanishes_gives_everything_back_with_its_waiting_time(
    desk, settings, router
):
    await desk.agent("anna", capacity=3)
    talking = await desk.talk(State.WAITING)
    since = (await desk.get(talking)).waiting_since_ms
    await desk.wait_for("handoff.offered", name=talking)
    await desk.accept(talking)
    wrapped = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=wrapped)
    await desk.accept(wrapped)
    await desk.wrap_up(wrapped)

    desk.clock.advance(settings.agent_grace_s * 1000)

    lost = await desk.wait_for("agent.lost", name=talking)
    assert (lost.data["place"], lost.data["agent_id"]) == (1, "anna")
    assert "keep your place" in lost.data["text"]
    closed = await desk.wait_for("conversation.closed", name=wrapped)
    assert closed.data == {"by": "system", "reason": "agent_lost"}
    assert (await desk.get(talking)).waiting_since_ms == since
    await desk.agent("boris")
    offered = await desk.wait_for("handoff.offered", name=talking, count=2)
    assert offered.data["agent_id"] == "boris"
    anna = await desk.store.agents.get("anna")
    assert (anna.presence, anna.load) == (Presence.OFFLINE, 0)


async def test_an_agent_who_is_seen_in_time_keeps_the_conversation(desk, settings, router):
    await desk.agent("anna")
    kept = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=kept)
    await desk.accept(kept)
    await desk.agent("boris", languages=("ko",))
    await desk.store.agents.heartbeat("anna", now_ms=desk.now + settings.agent_grace_s * 1000)

    desk.clock.advance(settings.agent_grace_s * 1000)  # only Boris has been silent for so long

    start = "0-0"
    async with asyncio.timeout(20):
        async for signal in desk.store.signals.tail(start):
            if signal.data == {"agent_id": "boris", "status": "offline", "reason": "lost"}:
                break
    assert await desk.state(kept) is State.ASSIGNED


async def test_a_wrapped_up_conversation_closes_by_itself(desk, router):
    await desk.agent()
    name = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=name)
    await desk.accept(name)
    await desk.wrap_up(name)
    ends = desk.now + 30_000
    await desk.store.agents.heartbeat("anna", now_ms=ends)

    desk.clock.advance(30_000)

    closed = await desk.wait_for("conversation.closed", name=name)
    assert closed.data == {"by": "system", "reason": "wrapped_up"}


async def test_an_idle_conversation_with_the_bot_closes_by_itself(desk, settings, router):
    name = await desk.talk()

    desk.clock.advance(settings.idle_close_s * 1000)

    closed = await desk.wait_for("conversation.closed", name=name)
    assert closed.data == {"by": "system", "reason": "idle"}


async def test_a_left_message_is_offered_after_those_who_wait(desk, start_router):
    left = await desk.talk(State.MESSAGE_LEFT)
    desk.clock.advance(10)
    waiting = await desk.talk(State.WAITING)
    await desk.agent(capacity=2)

    await start_router()

    last = await desk.wait_for("handoff.offered", count=2)
    assert last.conversation_id == left
    assert await desk.state(waiting) is State.OFFERED


async def test_a_left_message_is_offered_to_the_first_who_comes_and_waits_again_untaken(
    desk, settings, start_router
):
    left = await desk.talk(State.MESSAGE_LEFT)
    await start_router()
    await desk.agent("anna")
    await desk.wait_for("handoff.offered", name=left)

    desk.clock.advance(settings.offer_timeout_s * 1000 + 1)
    await desk.wait_for("offer.expired", name=left)
    await desk.agent("boris")

    again = await desk.wait_for("handoff.offered", name=left, count=2)
    assert again.data["agent_id"] == "boris"
    await desk.accept(left, "boris")
    assert await desk.state(left) is State.ASSIGNED


async def test_a_customer_is_asked_and_with_a_yes_served_in_another_language(desk, router):
    await desk.agent("anna", languages=("en",))
    name = await desk.talk(State.WAITING, locale="ko")
    asked = await desk.wait_for("handoff.consent_asked", name=name)
    assert asked.data["languages"] == ["en"]
    assert "handoff.offered" not in await desk.types(name)

    await desk.store.waits.consent(name, message_id="y", text="네", yes=True, now_ms=desk.now)

    offered = await desk.wait_for("handoff.offered", name=name)
    assert offered.data["agent_id"] == "anna"


async def test_a_customer_gone_for_too_long_leaves_the_line(desk, settings, router):
    name = await desk.talk(State.WAITING)

    desk.clock.advance(settings.abandon_s * 1000)

    abandoned = await desk.wait_for("handoff.abandoned", name=name)
    assert abandoned.data["waited_ms"] == settings.abandon_s * 1000
    assert await desk.state(name) is State.BOT


async def test_a_parked_conversation_comes_back_in_time_and_first_to_who_parked_it(
    desk, settings, router
):
    await desk.agent("anna")
    name = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=name)
    await desk.accept(name)
    await desk.agent("boris")
    until_ms = desk.now + 5_000
    epoch = await desk.epoch(name)
    await desk.store.holdings.park(
        name, agent_id="anna", epoch=epoch, until_ms=until_ms, now_ms=desk.now
    )

    desk.clock.advance(5_000)

    await desk.wait_for("conversation.resumed", name=name)
    offered = await desk.wait_for("handoff.offered", name=name, count=2)
    assert offered.data["agent_id"] == "anna"


async def test_a_transfer_waits_for_its_team_and_then_tells_that_it_no_longer_does(desk, router):
    await desk.agent("anna")
    name = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=name)
    await desk.accept(name)
    desk.clock.advance(5_000)
    await desk.agent("boris")
    await desk.store.holdings.transfer(
        name,
        agent_id="anna",
        epoch=await desk.epoch(name),
        target=Target("team", "nord", "North"),
        now_ms=desk.now,
    )
    await desk.agent("chen", teams=("sued",))
    for agent_id in ("anna", "boris", "chen"):
        await desk.store.agents.heartbeat(agent_id, now_ms=desk.now + Widening().team_ms)
    assert await desk.state(name) is State.WAITING

    desk.clock.advance(Widening().team_ms)

    widened = await desk.wait_for("handoff.widened", name=name)
    assert widened.data["what"] == "team"
    offered = await desk.wait_for("handoff.offered", name=name, count=2)
    assert offered.data["agent_id"] in {"boris", "chen"}, "anna passed it on"


async def test_with_nobody_on_duty_the_customer_waits_and_is_told_so(desk, router):
    name = await desk.talk(State.WAITING)

    event = await desk.wait_for("handoff.requested", name=name)

    assert event.data["on_duty"] is False
    assert await desk.store.queue.place(name) == 1


async def test_a_router_that_dies_between_offer_and_deadline_loses_nothing(
    desk, settings, start_router
):
    first = await start_router()
    await desk.agent("anna")
    name = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=name)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    desk.clock.advance(settings.offer_timeout_s * 1000 + 1)
    await desk.agent("boris")

    await start_router()

    offered = await desk.wait_for("handoff.offered", name=name, count=2)
    assert offered.data["agent_id"] == "boris"


async def test_a_replica_expires_an_offer_that_another_made_and_left(desk, settings, start_router):
    """The second router sleeps while the first one makes the offer, and must not oversleep it."""
    first = await start_router()
    await start_router()
    await desk.agent("anna", capacity=1)
    name = await desk.talk(State.WAITING)
    await desk.wait_for("handoff.offered", name=name)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await desk.store.agents.heartbeat("anna", now_ms=desk.now + 10**9)

    desk.clock.advance(settings.offer_timeout_s * 1000 + 1)

    await desk.wait_for("offer.expired", name=name)


async def test_three_replicas_offer_each_of_many_conversations_once(desk, start_router):
    for _ in range(3):
        await start_router()
    for number in range(10):
        await desk.agent(f"agent{number}", capacity=3)

    names = await asyncio.gather(*(desk.talk(State.BOT) for _ in range(40)))
    await asyncio.gather(*(desk.request(name) for name in names))

    await desk.wait_for("handoff.offered", count=30)
    agents = await desk.store.agents.online()
    assert [agent.load for agent in agents] == [3] * 10
    stats = await desk.store.queue.stats()
    assert stats.waiting == 10
    for name in names:
        assert (await desk.types(name)).count("handoff.offered") <= 1


async def test_the_router_lives_through_a_restart_of_redis(own_redis_server, make_settings, clock):
    settings = make_settings(redis_url=own_redis_server.url)
    async with await open_store(settings) as store:
        desk = Desk(store, clock)
        router = asyncio.ensure_future(await replica(store, clock, settings))
        await desk.agent()
        first = await desk.talk(State.WAITING)
        await desk.wait_for("handoff.offered", name=first)

        await asyncio.to_thread(own_redis_server.kill)
        await asyncio.to_thread(own_redis_server.start)
        second = await desk.talk(State.WAITING)

        await desk.wait_for("handoff.offered", name=second)
        router.cancel()
        await asyncio.gather(router, return_exceptions=True)


async def test_chores_wait_while_nothing_can_be_stored(desk, settings, clock):
    """Several things are due at once: as when Redis is away, nothing more."""
    for _ in range(2):
        await desk.talk(State.BOT)
    clock.advance(settings.idle_close_s * 1000)
    chores = Chores(desk.store, clock=clock, rules=Live(DeskRules.of(settings)))

    await desk.store.redis.config_set("min-replicas-to-write", 1)
    try:
        with pytest.raises(StoreUnavailable):
            await chores.step()
    finally:
        await desk.store.redis.config_set("min-replicas-to-write", 0)
