"""What everybody on the floor sees: how many wait, whether anybody is on duty."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Generic, TypeVar

from handoff_service.domain import EventType, QueueStats
from handoff_service.errors import StoreUnavailable
from handoff_service.frames import QueueFrame
from handoff_service.gateway.waiting_room import TURN_S, WaitingRoom
from handoff_service.protocol import dump_frame
from handoff_service.store import Store
from handoff_service.store.log import LogEntry
from handoff_service.store.signals import PRESENCE, Signal

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: The floor is read this often at most, in seconds: a queue that moves a hundred times a second
#: would else send everybody a hundred frames.
PAUSE_S = 0.1
#: Part of the time that reading may take, and the longest pause that this may lead to, in seconds.
SHARE = 0.05
LONGEST_PAUSE_S = 2.0
#: Events after which another agent may do, or none who would have done.
CHANGES_NEEDS = frozenset(
    {
        EventType.HANDOFF_WIDENED,
        EventType.HANDOFF_REROUTED,
        EventType.LANGUAGE_CHANGED,
        EventType.PRIORITIZED,
    }
)


class Audience(Generic[T]):
    """Who is told of one thing, all at once, and not so often that it takes the whole process."""

    def __init__(self, known: T) -> None:
        """Begin with nobody, and with what everybody who comes is told on coming."""
        self._known = known
        self._told_s = float("-inf")
        self._listeners: set[Callable[[], None]] = set()

    @contextmanager
    def hears(self, listener: Callable[[], None]) -> Iterator[None]:
        """Call `listener` after each change."""
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    def tell(self, fresh: T, now_s: float) -> bool:
        """Tell everybody of a change; return False when that has to wait for its turn."""
        if fresh == self._known:
            return True
        if now_s - self._told_s < len(self._listeners) * TURN_S:
            return False
        self._known, self._told_s = fresh, now_s
        for listener in tuple(self._listeners):
            listener()
        return True


class Floor:
    """Reads the floor again whenever it may have changed, and tells the sockets that watch it."""

    def __init__(self, store: Store, waiting_room: WaitingRoom) -> None:
        """Read the floor of the desk of `store`."""
        self._store = store
        self._waiting_room = waiting_room
        self._dirty = asyncio.Event()
        self.stats = QueueStats(0, None)
        self.on_duty = False
        #: The frame of `stats`, written once for every agent.
        self.queue_text = dump_frame(QueueFrame(waiting=0))
        self.queue = Audience(self.queue_text)  #: is told when `stats` changed
        self.duty = Audience(self.on_duty)  #: is told when `on_duty` changed

    def touch(self) -> None:
        """Say that something may have changed."""
        self._waiting_room.touch()
        self._dirty.set()

    def note_entry(self, entry: LogEntry) -> None:
        """Hear what happened to a conversation."""
        if entry.moved or entry.type in CHANGES_NEEDS:
            self._waiting_room.forget(entry.conversation_id)
            self.touch()

    def note_signal(self, signal: Signal) -> None:
        """Hear that somebody came or went."""
        if signal.kind == PRESENCE:
            self.touch()

    async def read(self) -> None:
        """Read the floor now. Raises StoreUnavailable."""
        self.stats = stats = await self._store.queue.stats()
        self.on_duty = await self._store.agents.anyone_on_duty()
        self.queue_text = dump_frame(
            QueueFrame(waiting=stats.waiting, longest_since_ms=stats.longest_since_ms)
        )

    async def run(self) -> None:
        """Keep the picture current, for ever."""
        while True:
            await self._dirty.wait()
            self._dirty.clear()
            began_s = perf_counter()
            if not await self._refresh(began_s):
                self._dirty.set()
            took_s = perf_counter() - began_s
            await asyncio.sleep(min(max(PAUSE_S, took_s / SHARE), LONGEST_PAUSE_S))

    async def _refresh(self, now_s: float) -> bool:
        """Read and tell; return whether everybody is up to date."""
        try:
            await self.read()
            current = await self._waiting_room.look(now_s)
        except StoreUnavailable:
            logger.warning("the floor cannot be read for now")
            return False
        told = self.duty.tell(self.on_duty, now_s), self.queue.tell(self.queue_text, now_s)
        return current and all(told)
