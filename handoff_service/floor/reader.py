"""Keeps one picture of the floor for everybody who looks at it in this process."""

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from time import perf_counter

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.last_hour import count_last_hour
from handoff_service.clock import Clock
from handoff_service.floor.picture import paint
from handoff_service.floor.rows import Hint, Picture
from handoff_service.gateway.timekeeper import Timekeeper
from handoff_service.routing.policy import Widening
from handoff_service.store import Store
from handoff_service.store.floor_read import MOST_SHOWN

logger = logging.getLogger(__name__)

#: The floor is read this often at most, in seconds; and the part of the time that it may take.
PAUSE_S = 0.5
SHARE = 0.05
#: The history is asked for the last hour this often at most, in milliseconds.
HOUR_EVERY_MS = 15_000


class FloorReader:
    """Whoever asks gets a picture that was begun after they asked; those who ask together, one."""

    def __init__(
        self,
        store: Store,
        database: Database,
        *,
        clock: Clock,
        timekeeper: Timekeeper,
        widening: Callable[[], Widening],
    ) -> None:
        """Read the desk of `store`; `widening`: as the routing rules say at the time."""
        self._store, self._database, self._clock = store, database, clock
        self._timekeeper, self._widening = timekeeper, widening
        self._turn = asyncio.Lock()
        self._begun = 0  # readings so far; `_text` is of the last one that ended well
        self._shown, self._text = 0, ""
        self._free_s = float("-inf")  # from when on it may be read again
        self._hour: tuple[int, int] | None = None
        self._hour_read_ms = 0

    async def text(self) -> str:
        """Return the picture as JSON. Raises StoreUnavailable."""
        asked = self._begun
        async with self._turn:
            if self._shown > asked:
                return self._text
            await asyncio.sleep(max(0.0, self._free_s - perf_counter()))
            self._begun = number = self._begun + 1
            began_s = perf_counter()
            try:
                text = json.dumps(asdict(await self.picture()), ensure_ascii=False)
            finally:
                took_s = perf_counter() - began_s
                self._free_s = began_s + max(PAUSE_S, took_s / SHARE)
            self._shown, self._text = number, text
            return text

    async def picture(self) -> Picture:
        """Read the floor now. Raises StoreUnavailable."""
        read = await self._store.floor_reads.read()
        now_ms = self._clock.now_ms()
        return paint(
            read,
            now_ms=now_ms,
            widening=self._widening(),
            pace=self._timekeeper.pace,
            width=self._timekeeper.width,
            shown=MOST_SHOWN,
            last_hour=await self._last_hour(now_ms),
            hints=[Hint.from_json(hint) for hint in await self._store.hints.read()],
        )

    async def _last_hour(self, now_ms: int) -> tuple[int, int] | None:
        if now_ms - self._hour_read_ms >= HOUR_EVERY_MS:
            self._hour_read_ms = now_ms
            try:
                self._hour = await count_last_hour(self._database, now_ms=now_ms)
            except ArchiveUnavailable:
                logger.warning("the last hour cannot be counted for now")
                self._hour = None
        return self._hour
