"""The process that archives and forgets during a soak: the service's own parts, nothing else."""

import asyncio
import os
from functools import partial

import uvloop

from handoff_service.archive.archiver import Archiver
from handoff_service.archive.database import open_database
from handoff_service.archive.retention import Retention
from handoff_service.clock import SystemClock
from handoff_service.settings import Settings
from handoff_service.store import open_store

#: How long, ms, what is closed and archived stays in Redis here: a soak has no hour to wait.
KEEP_MS = 3_000
#: Events a transaction: what a desk needs that closes hundreds of conversations a second.
BATCH = 1000


async def keep(settings: Settings) -> None:
    """Archive and forget for ever."""
    clock = SystemClock()
    async with await open_store(settings) as store:
        database = await open_database(settings.sql_url)
        archiver = Archiver(
            store.log,
            database,
            consumer="keeper",
            clock=clock,
            batch=BATCH,
            keep_ms=KEEP_MS,
            shorten=partial(store.past.shorten, keep=settings.events_kept),
        )
        retention = Retention(store, clock=clock, keep_ms=KEEP_MS)
        try:
            await asyncio.gather(archiver.run(), retention.run())
        finally:
            await database.close()


if __name__ == "__main__":
    uvloop.run(keep(Settings.from_env(os.environ)))
