"""When agents took conversations: each change is in the history once, whatever dies in between."""

import asyncio

import pytest
from sqlalchemy import select

from handoff_service.archive.presence import PresenceKeeper, record_presence
from handoff_service.archive.tables.presence import PresenceRow
from handoff_service.domain import Presence, State
from handoff_service.store.handoffs import MISSES_TO_AWAY
from handoff_service.store.signals import PRESENCE, Signal
from tests.handoff_service.desk import DEADLINE_S, OFFER_MS, Desk


@pytest.fixture
def desk(store, clock):
    return Desk(store, clock)


@pytest.fixture
def keeper(store, database):
    return PresenceKeeper(store.presence, database)


async def logged(database, agent_id="anna"):
    row = PresenceRow
    query = select(row.status, row.reason).where(row.agent_id == agent_id).order_by(row.at_ms)
    async with database.session() as session:
        return [tuple(found) for found in await session.execute(query)]


async def test_every_change_is_kept_with_its_reason_and_only_changes(desk, clock, database, keeper):
    agents = desk.store.agents
    await desk.agent(presence="offline")
    for presence, reason in (
        *((Presence.ONLINE, "asked"), (Presence.ONLINE, "asked"), (Presence.AWAY, "forced")),
        *((Presence.ONLINE, "asked"), (Presence.OFFLINE, "signed_out"), (Presence.ONLINE, "asked")),
    ):
        clock.advance(1000)
        await agents.set_presence("anna", presence=presence, reason=reason, now_ms=desk.now)
    since_ms = desk.now
    clock.advance(60_000)
    for _ in range(2):
        await agents.mark_lost("anna", lost_at_ms=desk.now, now_ms=desk.now)

    assert (await agents.get("anna")).presence_since_ms == desk.now > since_ms
    assert await keeper.step() == 7
    assert await keeper.step() == 0

    assert await logged(database) == [
        ("offline", "registered"),
        ("online", "asked"),
        ("away", "forced"),
        ("online", "asked"),
        ("offline", "signed_out"),
        ("online", "asked"),
        ("offline", "lost"),
    ]


async def test_offers_missed_in_a_row_are_a_reason(desk, clock, database, keeper):
    await desk.agent()
    name = await desk.talk(State.WAITING)
    for _ in range(MISSES_TO_AWAY):
        await desk.offer(name)
        clock.advance(OFFER_MS + 1)
        await desk.store.handoffs.expire_offer(
            name, agent_id="anna", epoch=await desk.epoch(name), now_ms=desk.now
        )

    await keeper.step()

    assert await logged(database) == [("online", "registered"), ("away", "missed_offers")]
    assert (await desk.store.agents.get("anna")).presence_since_ms == desk.now


async def test_what_was_written_before_a_crash_is_not_written_twice(desk, database, keeper):
    await desk.agent()
    [change] = await desk.store.presence.oldest(count=9)
    await record_presence(database, [change])  # and the process is gone before it says so

    other = PresenceKeeper(desk.store.presence, database)
    assert max(await asyncio.gather(keeper.step(), other.step())) == 1

    assert await logged(database) == [("online", "registered")]
    assert await desk.store.presence.oldest(count=9) == []


class Counted(PresenceKeeper):
    """Tells how many changes each step wrote."""

    def __init__(self, *parts):
        super().__init__(*parts)
        self.steps = asyncio.Queue()

    async def step(self):
        count = await super().step()
        self.steps.put_nowait(count)
        return count


async def test_a_signal_is_enough_for_a_change_to_be_written(desk, store, database):
    keeper = Counted(store.presence, database)
    task = asyncio.create_task(keeper.run())
    try:
        async with asyncio.timeout(DEADLINE_S):
            assert await keeper.steps.get() == 0
            await desk.agent()
            keeper.note_signal(Signal(PRESENCE, {"agent_id": "anna"}))
            while await keeper.steps.get() == 0:
                pass
    finally:
        task.cancel()

    assert await logged(database) == [("online", "registered")]
