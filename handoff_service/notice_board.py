"""What is known to be broken now, as every process has it in memory."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.notices import open_notices
from handoff_service.clock import Clock
from handoff_service.notices import Notice
from handoff_service.store.signals import Signal, Signals

logger = logging.getLogger(__name__)

#: Kind of the signal by which a change is told to every replica.
NOTICES = "notices"
#: The database is asked so often all the same, ms: a signal may be lost, and `baton notice` writes
#: to the database even when no service runs.
LOOK_EVERY_MS = 30_000


class NoticeBoard:
    """Reads the notices when one has changed, begins or ends, and tells the sockets that show them.

    The truth is in SQL. While it is away the last known notices stand, and end when they should.
    """

    def __init__(self, database: Database, signals: Signals, *, clock: Clock) -> None:
        """Begin without any; `read` fetches them."""
        self._database = database
        self._signals = signals
        self._clock = clock
        self._open: tuple[Notice, ...] = ()
        self._shown: tuple[Notice, ...] = ()
        self._changed = asyncio.Event()
        self._listeners: set[Callable[[], None]] = set()

    def standing(self) -> tuple[Notice, ...]:
        """Return what customers are told now, the latest first."""
        now_ms = self._clock.now_ms()
        return tuple(notice for notice in self._open if notice.stands(now_ms))

    @contextmanager
    def hears(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call `listener` whenever something else stands there."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    async def spread(self) -> None:
        """Show a change here at once, and tell the other replicas.

        Raises ArchiveUnavailable, StoreUnavailable: then they see it when they look next.
        """
        await self.read()
        await self._signals.send(NOTICES, {})

    def note_signal(self, signal: Signal) -> None:
        """Hear that another replica has changed something."""
        if signal.kind == NOTICES:
            self._changed.set()

    async def read(self) -> None:
        """Read what is published. Raises ArchiveUnavailable."""
        self._open = tuple(await open_notices(self._database, now_ms=self._clock.now_ms()))
        self._tell()

    async def run(self) -> None:
        """Keep the board current, for ever."""
        while True:
            self._changed.clear()
            try:
                await self.read()
            except ArchiveUnavailable:
                logger.warning("notices cannot be read for now; the last known ones stand")
                self._tell()
            await self._wait()

    async def _wait(self) -> None:
        """Wait for a signal, or for the moment at which one begins or ends."""
        now_ms = self._clock.now_ms()
        turns = (at for notice in self._open for at in (notice.from_ms, notice.until_ms) if at)
        next_ms = min((at for at in turns if at > now_ms), default=now_ms + LOOK_EVERY_MS)
        try:
            async with asyncio.timeout(min(next_ms - now_ms, LOOK_EVERY_MS) / 1000):
                await self._changed.wait()
        except TimeoutError:
            pass

    def _tell(self) -> None:
        standing = self.standing()
        if standing == self._shown:
            return
        self._shown = standing
        for listener in tuple(self._listeners):
            listener()
