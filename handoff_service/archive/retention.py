"""Keeps the live store small: closed conversations leave it once the history has all of them."""

import asyncio
import logging

from handoff_service.clock import Clock
from handoff_service.errors import StoreUnavailable
from handoff_service.store import Store

logger = logging.getLogger(__name__)

#: Conversations that one script deletes: well below a millisecond of Redis's time.
BATCH = 50
#: Pause between looks when nothing is due, and after Redis was away, in milliseconds.
LOOK_MS = 2_000


class Retention:
    """Any number may run, in any number of processes: whoever comes second finds nothing to do."""

    def __init__(self, store: Store, *, clock: Clock, keep_ms: int) -> None:
        """Leave closed conversations in the live store for `keep_ms`."""
        self._store = store
        self._clock = clock
        self._keep_ms = keep_ms

    async def run(self) -> None:
        """Forget what is due, for ever."""
        while True:
            try:
                busy = await self.step() == BATCH
            except StoreUnavailable:
                busy = False  # the archiver says so in the log
            if not busy:
                await self._clock.sleep_until(self._clock.now_ms() + LOOK_MS)
            await asyncio.sleep(0)

    async def step(self) -> int:
        """Forget one batch; return how many are gone. Raises StoreUnavailable."""
        until_ms = self._clock.now_ms() - self._keep_ms
        due = await self._store.past.closed_until(until_ms, count=BATCH)
        if not due:
            return 0
        archived_before = await self._store.log.archived_before()
        gone = await self._store.past.forget(
            due, until_ms=until_ms, archived_before=archived_before
        )
        return len(gone)
