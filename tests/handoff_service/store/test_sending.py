"""A task that is cancelled while it sends a command ends."""

import asyncio

import pytest


@pytest.mark.parametrize("steps", range(1, 40))
async def test_a_cancelled_command_ends_at_whatever_moment_it_is_cancelled(store, steps):
    reading = asyncio.ensure_future(store.redis.xread({store.keys.signals: "0-0"}, block=800))
    for _ in range(steps):
        await asyncio.sleep(0)

    reading.cancel()

    with pytest.raises(asyncio.CancelledError):
        await reading
