"""What everybody on the floor sees: how many wait, whether anybody is on duty."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from handoff_service.domain import QueueStats
from handoff_service.errors import StoreUnavailable
from handoff_service.store import Store

logger = logging.getLogger(__name__)

#: The floor is read this often at most, in seconds: a queue that moves a hundred times a second
#: would else send every waiting customer a hundred frames.
PAUSE_S = 0.1


class Floor:
    """Reads the floor again whenever it may have changed, and tells the sockets that watch it."""

    def __init__(self, store: Store) -> None:
        """Read the floor of the desk of `store`."""
        self._store = store
        self._watchers: set[Callable[[], None]] = set()
        self._dirty = asyncio.Event()
        self.stats = QueueStats(0, None)
        self.on_duty = False

    def touch(self) -> None:
        """Say that something may have changed."""
        self._dirty.set()

    async def read(self) -> None:
        """Read the floor now. Raises StoreUnavailable."""
        self.stats = await self._store.queue.stats()
        self.on_duty = await self._store.agents.anyone_on_duty()

    async def run(self) -> None:
        """Keep the picture current, for ever."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            await self._refresh()
            await asyncio.sleep(PAUSE_S)

    @contextmanager
    def watched(self, watcher: Callable[[], None]) -> Iterator[None]:
        """Call `watcher` after each change."""
        self._watchers.add(watcher)
        try:
            yield
        finally:
            self._watchers.discard(watcher)

    async def _refresh(self) -> None:
        try:
            await self.read()
        except StoreUnavailable:
            logger.warning("the floor cannot be read for now")
            self._dirty.set()
            return
        for watcher in tuple(self._watchers):
            watcher()
