"""Replicas that route."""

import asyncio

import pytest

from handoff_service.gateway.fanout import Fanout
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.routing.router import Router
from handoff_service.store import open_store


async def replica(store, clock, settings):
    """Return the work of one replica's router, with the tails that tell it what happens."""
    fanout, router = Fanout(store), Router(store, clock=clock, rules=Live(DeskRules.of(settings)))
    fanout.on_entry(router.note_entry)
    fanout.on_signal(router.note_signal)
    await fanout.start()

    async def run():
        async with asyncio.TaskGroup() as tasks:
            for work in (fanout.tail_log(), fanout.tail_signals(), router.run()):
                tasks.create_task(work)

    return run()


@pytest.fixture
async def start_router(settings, clock):
    """Return a function that starts one more replica's router on a store of its own."""
    tasks, stores = [], []

    async def start():
        own_store = await open_store(settings)
        stores.append(own_store)
        tasks.append(asyncio.ensure_future(await replica(own_store, clock, settings)))
        return tasks[-1]

    yield start
    for task in tasks:
        task.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for own_store in stores:
        await own_store.aclose()
    assert all(isinstance(result, asyncio.CancelledError) for result in results), results
