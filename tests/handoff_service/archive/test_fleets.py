"""The archiver and retention behind sentinels and in a cluster, through a failover."""

import asyncio

import pytest

from handoff_service.archive.archiver import Archiver
from handoff_service.archive.retention import Retention
from handoff_service.archive.transcripts import find_record, read_events
from handoff_service.clock import SystemClock
from handoff_service.errors import StoreUnavailable
from handoff_service.past import past_of
from handoff_service.store import open_store
from handoff_service.store.keys import Keys
from handoff_service.store.results import RestoreResult
from tests.fleet import Cluster, Sentinels, wait_until
from tests.handoff_service.desk import Desk

pytestmark = pytest.mark.system  # half a minute for each server program
DEADLINE_S = 60


@pytest.fixture(params=["sentinel", "cluster"])
def fleet(request, redis_program, make_settings):
    key = Keys(make_settings().desk).prefix
    made = (
        Sentinels(redis_program) if request.param == "sentinel" else Cluster(redis_program, key=key)
    )
    yield made
    made.stop()


@pytest.fixture
async def fleet_store(fleet, make_settings):
    settings = make_settings(redis_url=fleet.url, redis_timeout_s=1, redis_wait_replicas=1)
    async with await open_store(settings) as opened:
        yield opened


async def insist(step):
    """Do a step until Redis takes it: what is sent twice is stored once."""
    while True:
        try:
            return await step()
        except StoreUnavailable:  # noqa: PERF203 - trying again is the point
            await asyncio.sleep(0.05)  # a client waits, too, before it tries again


async def test_the_history_is_what_the_new_primary_holds(fleet, fleet_store, database):
    store, clock = fleet_store, SystemClock()
    desk = Desk(store, clock)
    archiver = Archiver(store.log, database, consumer="w_1", clock=clock, batch=20, keep_ms=60_000)
    archiving = asyncio.ensure_future(archiver.run())
    try:
        name = await desk.talk()
        for number in range(100):
            await insist(lambda number=number: desk.say(name, message_id=f"m{number}"))
            if number == 40:
                old = await asyncio.to_thread(fleet.primary)
                await asyncio.to_thread(old.kill)
                await asyncio.to_thread(
                    wait_until, lambda old=old: fleet.primary() is not old, "a new primary"
                )
                await asyncio.to_thread(old.start)
        await insist(lambda: desk.close(name))
        live = await insist(lambda: store.conversations.events(name))
        async with asyncio.timeout(DEADLINE_S):
            while await insist(store.log.lag):  # noqa: ASYNC110 - nothing tells what was archived
                await asyncio.sleep(0.05)
    finally:
        archiving.cancel()
        await asyncio.gather(archiving, return_exceptions=True)

    archived = await read_events(database, name)
    assert list(archived) == live
    assert (await find_record(database, name)).state == "closed"
    assert await insist(Retention(store, clock=clock, keep_ms=-1).step) == 1
    outcome = await insist(
        lambda: store.past.restore(past_of(archived, keep=200), now_ms=clock.now_ms())
    )
    assert outcome.result is RestoreResult.RESTORED
    assert await store.conversations.events(name) == live
