"""Replicas confirm what is acknowledged, or it is not acknowledged."""

import asyncio

import pytest

from handoff_service.errors import Fault, StoreUnavailable
from handoff_service.store import open_store
from tests.fleet import Fleet, confirms, wait_until
from tests.handoff_service.desk import Desk


class Pair(Fleet):
    """A primary and its replica, watched by nobody."""

    def __init__(self, program):
        super().__init__(program, replicas=1)
        self.first = self.add(**{"repl-diskless-sync-delay": 0})
        self.replica = self.add(replicaof=f"127.0.0.1 {self.first.port}")
        wait_until(lambda: confirms(self.first), "the replica confirms")


@pytest.fixture
def pair(redis_program):
    made = Pair(redis_program)
    yield made
    made.stop()


@pytest.fixture
async def desks(pair, make_settings, clock):
    """Two replicas of the service: what is sent again may come over another connection."""
    settings = make_settings(
        redis_url=pair.first.url, redis_wait_replicas=1, redis_wait_ms=200, redis_timeout_s=1
    )
    async with await open_store(settings) as one, await open_store(settings) as other:
        yield Desk(one, clock), Desk(other, clock)


async def test_what_no_replica_has_is_not_acknowledged_however_often_it_is_sent(pair, desks):
    desk, other = desks
    name = await desk.talk()
    before = await desk.say(name, message_id="m1")
    pair.replica.freeze()

    errors = []
    for sender in (desk, other, desk, other):
        with pytest.raises(StoreUnavailable) as caught:
            await sender.say(name, message_id="m2")
        errors.append(caught.value)
    with pytest.raises(StoreUnavailable) as caught:
        await desk.store.health()
    pair.replica.thaw()

    assert {error.fault for error in [*errors, caught.value]} == {Fault.REPLICAS}
    async with asyncio.timeout(20):
        after = await _until_acknowledged(other, name)
    assert (after.result.value, after.seq) == ("REPEATED", before.seq + 1)
    assert (await desk.store.health()).problems() == ()


async def test_without_the_setting_a_message_dies_with_the_primary(pair, make_settings, clock):
    async with await open_store(make_settings(redis_url=pair.first.url)) as store:
        desk = Desk(store, clock)
        name = await desk.talk()
        pair.replica.freeze()
        lost = await desk.say(name)

    pair.first.kill()
    pair.replica.kill()  # it had not even read it
    pair.replica.options.pop("replicaof")
    pair.replica.start()
    async with await open_store(make_settings(redis_url=pair.replica.url)) as store:
        kept = [event.seq for event in await store.conversations.events(name)]

    assert lost.seq not in kept


async def test_a_replica_in_the_place_of_the_primary_is_named(pair, make_settings):
    with pytest.raises(StoreUnavailable) as caught:
        await open_store(make_settings(redis_url=pair.replica.url))

    assert caught.value.fault is Fault.READ_ONLY


async def _until_acknowledged(desk, name):
    while True:
        try:
            return await desk.say(name, message_id="m2")
        except StoreUnavailable:  # noqa: PERF203 - the replica wakes up
            await asyncio.sleep(0.05)
