"""Writes down when agents took conversations and when not: each change once."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import asdict

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.tables.presence import PresenceRow
from handoff_service.errors import StoreUnavailable
from handoff_service.store.presence import PresenceChange, PresenceChanges
from handoff_service.store.signals import PRESENCE, Signal

logger = logging.getLogger(__name__)

#: Changes that one transaction takes.
BATCH = 500
#: A signal tells of each change. For those whose signal was missed, and while SQL or Redis is
#: away, it is looked this often, in seconds.
LOOK_S = 5.0


async def record_presence(database: Database, changes: Sequence[PresenceChange]) -> None:
    """Write changes; those that are there already stay as they are. Raises ArchiveUnavailable."""
    if not changes:
        return
    async with database.session() as session:
        await session.execute(
            database.insert(PresenceRow).on_conflict_do_nothing(),
            [asdict(change) for change in changes],
        )


class PresenceKeeper:
    """Any number may run, in any number of processes: each change has a name of its own.

    A change leaves the live store after it is written, so that a crash in between, or another
    process doing the same, writes it again, which changes nothing.
    """

    def __init__(self, changes: PresenceChanges, database: Database) -> None:
        """Carry `changes` to the history."""
        self._changes = changes
        self._database = database
        self._wake = asyncio.Event()

    def note_signal(self, signal: Signal) -> None:
        """Hear that somebody came or went."""
        if signal.kind == PRESENCE:
            self._wake.set()

    async def run(self) -> None:
        """Write down for ever; waits out the times when Redis or SQL is away."""
        while True:
            self._wake.clear()
            try:
                while await self.step() == BATCH:
                    pass
            except (StoreUnavailable, ArchiveUnavailable) as error:
                logger.warning("presence is written down later: %s", error)
                await asyncio.sleep(LOOK_S)
                continue
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def step(self) -> int:
        """Write one batch; return its size. Raises StoreUnavailable, ArchiveUnavailable."""
        changes = await self._changes.oldest(count=BATCH)
        await record_presence(self._database, changes)
        await self._changes.forget(changes)
        return len(changes)
