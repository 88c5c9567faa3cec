"""The store behind sentinels and in a cluster: a failover costs no acknowledged message."""

import asyncio

import pytest

from handoff_service.domain import State
from handoff_service.errors import StoreUnavailable
from handoff_service.store import open_store
from handoff_service.store.keys import Keys
from tests.fleet import Cluster, Sentinels, wait_until
from tests.handoff_service.desk import DEADLINE_S, Desk

pytestmark = pytest.mark.system  # half a minute for each server program
#: With one, so that it is told to the servers and not to the sentinels.
PASSWORD = "p:a/s%s"


@pytest.fixture(params=["sentinel", "cluster"])
def fleet(request, redis_program, make_settings):
    key = Keys(make_settings().desk).prefix
    if request.param == "sentinel":
        # One of two is left to confirm: with one alone all wait until the old primary is back.
        made = Sentinels(redis_program, replicas=2, password=PASSWORD)
    else:
        made = Cluster(redis_program, key=key)
    yield made
    made.stop()


@pytest.fixture
async def fleet_store(fleet, make_settings):
    settings = make_settings(redis_url=fleet.url, redis_timeout_s=1, redis_wait_replicas=1)
    async with await open_store(settings) as opened:
        yield opened


@pytest.fixture
def fleet_desk(fleet_store, clock):
    return Desk(fleet_store, clock)


class Sender:
    """Says one thing after the other; what was not acknowledged is said again, as clients do."""

    def __init__(self, desk, name, prefix):
        self.desk, self.name, self.prefix = desk, name, prefix
        self.acknowledged, self.refused = {}, 0
        self.said = asyncio.Event()

    async def run(self, until):
        number = 0
        while not until.is_set():
            number += 1
            await self._say(f"{self.prefix}-{number}")

    async def _say(self, message_id):
        while True:
            try:
                outcome = await self.desk.say(self.name, message_id, message_id=message_id)
            except StoreUnavailable:
                self.refused += 1
                await asyncio.sleep(0.05)  # a client waits, too, before it tries again
                continue
            self.acknowledged[message_id] = outcome.seq
            self.said.set()
            return


async def follow(desk, name, seen, until):
    """Read the log as fan-out does, for ever; `until` is called with each number."""
    async for entry in desk.store.log.tail("0-0"):
        if entry.event.conversation_id == name:
            seen.append(entry.event.seq)
            until(entry.event)


@pytest.mark.parametrize("fault", ["kill", "freeze"])
async def test_a_failover_costs_no_acknowledged_message(fleet, fleet_desk, fault):
    name = await fleet_desk.talk()
    waiting = await fleet_desk.talk(State.WAITING)
    stop, seen, over = asyncio.Event(), [], asyncio.Event()
    senders = [Sender(fleet_desk, name, f"s{number}") for number in range(4)]
    reader = asyncio.ensure_future(
        follow(fleet_desk, name, seen, lambda e: e.data.get("text") == "the end" and over.set())
    )
    sending = [asyncio.ensure_future(sender.run(stop)) for sender in senders]
    await fleet_desk.wait_for("message.posted", count=50)
    old = await asyncio.to_thread(fleet.primary)

    await asyncio.to_thread(getattr(old, fault))
    await asyncio.to_thread(wait_until, lambda: fleet.primary() is not old, "a new primary")
    if fleet.replicas == 1:  # the old one comes back as a replica: the new one has none else
        await asyncio.to_thread({"kill": old.start, "freeze": old.thaw}[fault])
    for sender in senders:
        sender.said.clear()
    await asyncio.wait_for(asyncio.gather(*(sender.said.wait() for sender in senders)), DEADLINE_S)
    stop.set()
    await asyncio.gather(*sending)
    await fleet_desk.say(name, "the end")
    await asyncio.wait_for(over.wait(), DEADLINE_S)
    reader.cancel()

    events = await fleet_desk.store.conversations.events(name)
    kept = {e.data["message_id"]: e.seq for e in events if "message_id" in e.data}
    acknowledged = {k: v for sender in senders for k, v in sender.acknowledged.items()}
    assert acknowledged.items() <= kept.items()
    assert [e.seq for e in events] == list(range(1, len(events) + 1))
    assert seen == [e.seq for e in events]
    assert await fleet_desk.store.queue.waiting() == [waiting]
