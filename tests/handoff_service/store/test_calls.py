"""Many calls of one script in one round trip: each is answered, whatever became of the others."""

import pytest
from redis.exceptions import ResponseError

from handoff_service.errors import StoreUnavailable
from handoff_service.store import open_store
from handoff_service.store.scripts import Scripts


@pytest.fixture
def scripts(store):
    return Scripts(store.redis)


def forgetting(store, worker):
    """Return a call that answers one word and needs nothing to be there."""
    return [store.keys.jobs], ["bot", worker]


async def test_each_call_is_answered_in_order(store, scripts):
    calls = [forgetting(store, f"w{number}") for number in range(20)]

    assert await scripts.call_many("forget_worker", calls) == [
        await _call(scripts, call) for call in calls
    ]
    assert await scripts.call_many("forget_worker", []) == []


async def test_a_server_that_forgot_the_scripts_is_told_them_again(store, scripts):
    await store.redis.script_flush()

    answers = await scripts.call_many("forget_worker", [forgetting(store, "w")] * 3)

    assert len(answers) == 3
    assert not any(isinstance(answer, Exception) for answer in answers)


async def test_one_call_that_fails_leaves_the_others_alone(store, scripts):
    await store.redis.set(f"{store.keys.prefix}text", "not a stream")
    wrong = [f"{store.keys.prefix}text"], ["bot", "w"]

    first, second, third = await scripts.call_many(
        "forget_worker", [forgetting(store, "w"), wrong, forgetting(store, "w")]
    )

    assert isinstance(second, ResponseError)
    assert first == third == await _call(scripts, forgetting(store, "w"))


async def test_with_redis_away_each_call_says_so(own_redis_server, make_settings):
    async with await open_store(make_settings(redis_url=own_redis_server.url)) as store:
        scripts = Scripts(store.redis)
        own_redis_server.kill()

        answers = await scripts.call_many("forget_worker", [forgetting(store, "w")] * 2)

    assert [type(answer) for answer in answers] == [StoreUnavailable] * 2


async def _call(scripts, call):
    keys, args = call
    return await scripts.call("forget_worker", keys, args=args)
