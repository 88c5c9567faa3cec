"""Redis is killed, restarted or full: what was acknowledged stays, what was not says so."""

import asyncio
from contextlib import suppress

import pytest

from handoff_service.domain import State
from handoff_service.durability import Durability
from handoff_service.errors import StoreUnavailable
from handoff_service.store import open_store
from tests.handoff_service.desk import DEADLINE_S, Desk


@pytest.fixture
async def own_store(own_redis_server, make_settings):
    async with await open_store(make_settings(redis_url=own_redis_server.url)) as opened:
        yield opened


@pytest.fixture
def own_desk(own_store, clock):
    return Desk(own_store, clock)


async def test_every_acknowledged_write_survives_a_kill(own_redis_server, own_desk):
    name = await own_desk.talk()
    acknowledged = []

    async def write():
        with suppress(StoreUnavailable):
            while True:
                acknowledged.append((await own_desk.say(name)).seq)

    writers = [asyncio.ensure_future(write()) for _ in range(4)]
    await own_desk.wait_for("message.posted", count=50)
    await asyncio.to_thread(own_redis_server.kill)
    await asyncio.gather(*writers)
    await asyncio.to_thread(own_redis_server.start)

    kept = [event.seq for event in await own_desk.store.conversations.events(name)]
    assert len(acknowledged) >= 50
    assert set(acknowledged) <= set(kept)
    assert kept == list(range(1, len(kept) + 1))
    assert (await own_desk.get(name)).last_seq == kept[-1]


async def test_queue_offers_and_owed_turns_survive_a_kill(own_redis_server, own_desk):
    await own_desk.agent()
    owed, waiting, offered = [
        await own_desk.talk(state) for state in (State.BOT, State.WAITING, State.OFFERED)
    ]
    await own_desk.say(owed)

    await asyncio.to_thread(own_redis_server.kill)
    await asyncio.to_thread(own_redis_server.start)

    _, turn = await own_desk.work()
    assert turn.conversation_id == owed
    assert await own_desk.store.queue.waiting() == [waiting]
    assert (await own_desk.accept(offered)).result.value == "ACCEPTED"


async def test_a_tail_lives_through_a_restart(own_redis_server, own_desk):
    name = await own_desk.talk()
    seen = []

    async def follow():
        async for entry in own_desk.store.log.tail("0-0"):
            seen.append(entry.event.seq)
            if entry.event.seq == 3:
                return

    reader = asyncio.ensure_future(follow())
    await own_desk.say(name)
    await asyncio.to_thread(own_redis_server.kill)
    await asyncio.to_thread(own_redis_server.start)
    await own_desk.say(name)

    await asyncio.wait_for(reader, DEADLINE_S)
    assert seen == [1, 2, 3]


async def test_a_server_that_is_away_is_a_clear_error(own_redis_server, own_desk):
    name = await own_desk.talk()
    await asyncio.to_thread(own_redis_server.kill)

    with pytest.raises(StoreUnavailable):
        await own_desk.say(name)
    with pytest.raises(StoreUnavailable):
        await own_desk.store.health()


async def test_a_full_server_refuses_and_forgets_nothing(own_redis_server, own_desk):
    name = await own_desk.talk()
    await own_desk.store.redis.config_set("maxmemory", "1")

    with pytest.raises(StoreUnavailable):
        await own_desk.say(name, "too much")

    await own_desk.store.redis.config_set("maxmemory", "0")
    assert await own_desk.types(name) == ["conversation.started"]
    assert (await own_desk.say(name, "now it fits")).seq == 2


async def test_health_names_what_would_lose_messages(own_store):
    assert (await own_store.health()).problems() == ()

    await own_store.redis.config_set("appendfsync", "no")
    await own_store.redis.config_set("maxmemory-policy", "allkeys-lru")

    assert (await own_store.health()).problems() == ("fsync_late", "evicts")

    await own_store.redis.config_set("appendonly", "no")

    assert (await own_store.health()).problems() == ("aof_off", "evicts")
    assert (await own_store.health()).problems(Durability.NONE) == ()


async def test_a_busy_pool_waits_instead_of_failing(redis_url, make_settings, clock):
    async with await open_store(make_settings(redis_pool_size=16)) as small:
        desk = Desk(small, clock)
        name = await desk.talk()

        await asyncio.gather(*(desk.say(name) for _ in range(300)))

        assert (await desk.get(name)).last_seq == 301
