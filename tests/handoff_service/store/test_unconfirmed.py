"""What no replica has confirmed yet is shown to nobody: a failover could take it back."""

import asyncio

import pytest

from handoff_service.errors import StoreUnavailable
from handoff_service.store.confirmation import Confirmation
from handoff_service.store.conversations import Conversations
from handoff_service.store.log import Log


@pytest.fixture
def unconfirmed(store):
    """What a server without any replica can confirm of one: nothing."""
    return Confirmation(1, 20, fence=store.keys.fence)


async def test_events_are_not_shown_before_they_are_confirmed(desk, unconfirmed):
    name = await desk.talk()
    store = desk.store
    certain = Confirmation(0, 20, fence=store.keys.fence)
    shown = [
        Conversations(store.redis, store.keys, transitions=None, confirmation=confirmation)
        for confirmation in (certain, unconfirmed)
    ]

    assert [event.seq for event in await shown[0].events(name)] == [1]
    with pytest.raises(StoreUnavailable):
        await shown[1].events(name)


async def test_a_tail_waits_until_they_are(desk, unconfirmed):
    await desk.talk()
    store = desk.store
    log = Log(store.redis, store.keys, scripts=None, confirmation=unconfirmed)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await anext(log.tail("0-0"))
