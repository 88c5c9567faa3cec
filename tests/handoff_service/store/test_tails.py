"""A tail over a stream whose end is lost in a failover: no gap, no repeat."""

import asyncio
from collections import deque

import pytest

from handoff_service.errors import StoreUnavailable
from handoff_service.store.streams import last_common, tail


@pytest.fixture
def key(store):
    return f"{store.keys.prefix}tailed"


@pytest.fixture
async def follow(store, key):
    """Follow the stream; return a function that waits until `name` was read and returns all."""
    read, more = [], asyncio.Event()

    async def run():
        async for batch in tail(store.redis, key, after_id="0-0"):
            read.extend(fields["name"] for _, fields in batch)
            more.set()

    async def until(name):
        async with asyncio.timeout(20):
            while name not in read:
                more.clear()
                await more.wait()
        return read

    task = asyncio.ensure_future(run())
    yield until
    task.cancel()


async def add(redis, key, *ids, name):
    for entry_id in ids:
        await redis.xadd(key, {"name": f"{name}{entry_id}"}, id=entry_id)


async def test_a_tail_goes_back_to_the_last_entry_that_both_servers_have(store, key, follow):
    redis = store.redis
    await add(redis, key, "1000-0", "2000-0", "3000-0", "4000-0", name="old")
    await follow("old4000-0")

    async with redis.pipeline(transaction=True) as pipe:  # the new primary has less, and goes on
        pipe.delete(key)
        pipe.xadd(key, {"name": "old1000-0"}, id="1000-0")
        pipe.xadd(key, {"name": "old2000-0"}, id="2000-0")
        pipe.xadd(key, {"name": "new2500-0"}, id="2500-0")
        pipe.xadd(key, {"name": "new3500-0"}, id="3500-0")
        await pipe.execute()

    await follow("new3500-0")
    await add(redis, key, "5000-0", name="new")
    assert await follow("new5000-0") == [
        *(f"old{n}000-0" for n in (1, 2, 3, 4)),
        *("new2500-0", "new3500-0", "new5000-0"),
    ]


async def test_a_tail_outlives_an_emptied_stream(store, key, follow):
    await add(store.redis, key, "1000-0", "2000-0", name="old")
    await follow("old2000-0")

    await store.redis.delete(key)
    await add(store.redis, key, "500-0", name="new")

    assert await follow("new500-0") == ["old1000-0", "old2000-0", "new500-0"]


async def test_a_trimmed_stream_has_lost_nothing(store, key, caplog):
    await add(store.redis, key, "1000-0", "2000-0", name="old")
    await store.redis.xtrim(key, maxlen=0)

    assert await last_common(store.redis, key, deque(["1000-0", "2000-0"])) == "2000-0"
    assert not caplog.records


async def test_what_may_still_be_taken_back_is_not_given_out(store, key):
    """The entry that a failover takes back is never seen; the one in its place is."""
    asked = []

    async def certain(entry_id):
        asked.append(entry_id)
        if len(asked) == 1:
            raise StoreUnavailable("no replica has it yet")
        return len(asked) > 2

    await add(store.redis, key, "1000-0", name="old")
    batches = tail(store.redis, key, after_id="0-0", certain=certain)

    first = await anext(batches)

    await batches.aclose()
    assert [fields["name"] for _, fields in first] == ["old1000-0"]
    assert asked == ["1000-0"] * 3
