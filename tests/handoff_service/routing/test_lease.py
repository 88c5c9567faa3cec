"""One replica leads; another does when that one is gone."""

import asyncio
from contextlib import asynccontextmanager

from handoff_service.domain import State
from handoff_service.routing import lease as leases
from handoff_service.routing.lease import Lease
from handoff_service.store import open_store
from tests.handoff_service.desk import DEADLINE_S, Desk

LIFE_MS = round(leases.LIFE_S * 1000)


class Work:
    """What a leader does: here, to be seen at it."""

    def __init__(self):
        self.begun, self.ended = asyncio.Event(), asyncio.Event()

    async def __call__(self):
        self.begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.ended.set()


@asynccontextmanager
async def leading(store, name):
    """Let a replica ask for the lease for as long as the block runs."""
    work = Work()
    task = asyncio.ensure_future(Lease(store.leadership, name).lead(work))
    try:
        yield work
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def soon(event):
    async with asyncio.timeout(DEADLINE_S):
        await event.wait()


async def test_the_lease_is_one_replicas_until_it_gives_it_up(store):
    lead = store.leadership

    assert await lead.take("a", life_ms=LIFE_MS)
    assert not await lead.take("b", life_ms=LIFE_MS)
    assert await lead.take("a", life_ms=LIFE_MS), "renewed"
    await lead.give_up("b")
    assert not await lead.take("b", life_ms=LIFE_MS), "it was not b's to give up"

    await lead.give_up("a")

    assert await lead.take("b", life_ms=LIFE_MS)


async def test_a_leader_that_was_killed_is_replaced_when_its_lease_ends(store):
    await store.leadership.take("killed", life_ms=LIFE_MS)

    async with leading(store, "b") as work:
        assert not work.begun.is_set()
        await soon(work.begun)

        assert not await store.leadership.take("killed", life_ms=LIFE_MS), "too late"


async def test_a_leader_that_stops_leaves_the_lease_to_the_next(store):
    async with leading(store, "a") as first:
        await soon(first.begun)

    assert first.ended.is_set()
    assert await store.leadership.take("b", life_ms=LIFE_MS)


async def test_a_leader_that_overslept_its_lease_stops_and_may_lead_again(store):
    async with leading(store, "a") as work:
        await soon(work.begun)
        await store.redis.set(store.keys.router, "b")
        await soon(work.ended)
        work.begun.clear()

        await store.leadership.give_up("b")

        await soon(work.begun)


async def test_a_leader_that_cannot_renew_its_lease_stops(own_redis_server, make_settings):
    settings = make_settings(redis_url=own_redis_server.url)
    async with await open_store(settings) as store, leading(store, "a") as work:
        await soon(work.begun)

        await asyncio.to_thread(own_redis_server.kill)

        await soon(work.ended)
        await asyncio.to_thread(own_redis_server.start)


async def test_the_next_leader_knows_who_waits(store, clock, start_router):
    desk = Desk(store, clock)
    first = await start_router()
    name = await desk.talk(State.WAITING)
    await start_router()
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)

    await desk.agent()

    await desk.wait_for("handoff.offered", name=name)
