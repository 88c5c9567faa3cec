"""Lets go, every night, of what is older than its kind may be."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from handoff_service.archive.database import Database
from handoff_service.archive.erasures import erased_since
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.nights import Night, claim_night, end_night, last_nights, note_gone
from handoff_service.attachments.errors import StorageUnavailable
from handoff_service.clock import Clock
from handoff_service.errors import BotError, RetentionError, StoreUnavailable
from handoff_service.hours import Hours
from handoff_service.retention.file import find_times
from handoff_service.retention.going import OldData
from handoff_service.retention.times import DAY_MS, Kind, Times

logger = logging.getLogger(__name__)

#: Pause between looks whether a night has begun, in milliseconds.
LOOK_MS = 60_000
#: Pause between two steps, in seconds: whoever serves customers goes before.
PAUSE_S = 0.05
#: What may pass: the night goes on at the next look.
PASSING = (ArchiveUnavailable, StoreUnavailable, StorageUnavailable, BotError, OSError)


class RetentionNight:
    """Any number may run, in any number of processes: the night belongs to whoever began it.

    Should that one die, another goes on; each step may be done twice.
    """

    def __init__(
        self,
        database: Database,
        old: OldData,
        *,
        hours: Callable[[], Hours],
        file: Path | None,
        clock: Clock,
        holder: str,
    ) -> None:
        """`file`: read anew for each night; `hours`: their time zone is that of the night."""
        self._database = database
        self._old = old
        self._hours = hours
        self._file = file
        self._clock = clock
        self._holder = holder
        self._done = ""

    async def run(self) -> None:
        """Carry out each night, for ever."""
        while True:
            try:
                await self.step()
            except RetentionError as error:
                logger.error("nothing is let go: %s", error)  # noqa: TRY400 (a mistake in a file)
            except PASSING as error:
                logger.warning("what is old goes later: %s", type(error).__name__)
            await self._clock.sleep_until(self._clock.now_ms() + LOOK_MS)

    async def step(self) -> Night | None:
        """Carry out the night that began last, unless that is done; return it then.

        Raises:
            RetentionError: the file cannot be used; nothing went.
            ArchiveUnavailable, StoreUnavailable, StorageUnavailable, BotError, OSError: it goes on
                at the next look.
        """
        times = await asyncio.to_thread(find_times, self._file)
        day = times.night(self._clock.now_ms(), self.zone)
        if day == self._done or not await self._claim(day):
            return None
        for kind in Kind:
            if kind in times.days and not await self._let_go(day, kind, times):
                return None  # another replica took over
        self._done = day
        night = await end_night(self._database, day, now_ms=self._clock.now_ms())
        logger.info("night of %s: %s", day, night.removed or "nothing was old")
        await self._database.settle()
        # A day for the desk's log to let go of what was deleted.
        if night.removed or await erased_since(self._database, self._clock.now_ms() - 2 * DAY_MS):
            await self._old.rewrite_live()
        return night

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the nights: that of the team that is asked where no other is named."""
        hours = self._hours()
        team = hours.teams.get(hours.default)
        return team.zone if team is not None else ZoneInfo("UTC")

    async def due(self) -> tuple[Times, dict[Kind, int]]:
        """Return the times, and how much would go now. Raises as `step`."""
        times = await asyncio.to_thread(find_times, self._file)
        counts = {
            kind: await self._old.count(kind, self._before_ms(kind, times))
            for kind in Kind
            if kind in times.days
        }
        return times, counts

    async def nights(self, *, limit: int) -> list[Night]:
        """Return what went, the latest night first. Raises ArchiveUnavailable."""
        return await last_nights(self._database, limit=limit)

    async def _claim(self, day: str) -> bool:
        return await claim_night(
            self._database, day, holder=self._holder, now_ms=self._clock.now_ms()
        )

    async def _let_go(self, day: str, kind: Kind, times: Times) -> bool:
        """Let all go that is due of one kind; False: the night is another's now."""
        before_ms = self._before_ms(kind, times)
        while True:
            count = await self._old.step(kind, before_ms)
            if not await note_gone(
                self._database,
                day,
                holder=self._holder,
                kind=kind.value,
                count=count,
                now_ms=self._clock.now_ms(),
            ):
                return False
            if not count:
                return True
            await asyncio.sleep(PAUSE_S)

    def _before_ms(self, kind: Kind, times: Times) -> int:
        return self._clock.now_ms() - times.days[kind] * DAY_MS
