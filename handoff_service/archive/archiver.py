"""Copies the desk's log to the history, so that the live store may forget it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from sqlalchemy.exc import SQLAlchemyError

from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.history import record
from handoff_service.clock import Clock
from handoff_service.domain import Event
from handoff_service.errors import StoreUnavailable
from handoff_service.store.log import Log, LogEntry

logger = logging.getLogger(__name__)

#: Silence after which entries of another archiver are taken over. Writing a batch takes well below
#: a second; taking over too early costs work, never a wrong row.
TAKEOVER_MS = 10_000
#: How long a batch that is not full waits for more, in seconds. A transaction costs some 5 ms of
#: this process and an fsync: written one by one, events would slow down the turns they are about.
LINGER_S = 0.2
#: Pauses between tries while SQL or Redis is away, seconds; the last one repeats.
PAUSES_S = (0.1, 0.25, 0.5, 1.0, 2.0)
#: Archivers that have not asked for anything for so long, in milliseconds, are dead.
FORGOTTEN_MS = 3_600_000
#: How often the log is trimmed, at most, in milliseconds.
TIDY_MS = 5_000
#: Type of what stands in the history for an event that could not be read or written, so that the
#: events after it are not waited for in vain. What it was is kept in the live store (`aside`).
UNREADABLE = "event.unreadable"
#: Raised, beside ArchiveUnavailable, for an event that the database will never take.
NEVER_TAKEN = (SQLAlchemyError, ValueError, OverflowError)


class Archiver:
    """One member of the consumer group; any number may run, in any number of processes."""

    def __init__(
        self,
        log: Log,
        database: Database,
        *,
        consumer: str,
        clock: Clock,
        batch: int,
        keep_ms: int,
        on_archived: Callable[[Sequence[Event]], None] = lambda _: None,
        on_set_aside: Callable[[int], None] = lambda _: None,
        on_interrupted: Callable[[bool], None] = lambda _: None,
        mail_after_ms: int | None = None,
        shorten: Callable[[Mapping[str, int]], Awaitable[None]] | None = None,
    ) -> None:
        """Write up to `batch` events a transaction; leave archived entries for `keep_ms`.

        `on_archived` is told what was written: each event once, in all processes together, but for
        those of a batch whose archiver died before it said so. `on_set_aside` is told how many
        entries could not be, `on_interrupted` whether SQL takes nothing at present. `shorten` is
        told up to which number conversations are written. `mail_after_ms`: as `record` says.
        """
        self._log = log
        self._database = database
        self._consumer = consumer
        self._clock = clock
        self._batch = batch
        self._keep_ms = keep_ms
        self._on_archived = on_archived
        self._on_set_aside = on_set_aside
        self._on_interrupted = on_interrupted
        self._shorten = shorten
        self._mail_after_ms = mail_after_ms
        self._reached: dict[str, int] = {}
        self._held: list[LogEntry] = []
        self._grouped = False
        self._tidied_ms = self._reclaimed_ms = 0

    async def run(self) -> None:
        """Archive for ever; waits out the times when Redis or SQL is away."""
        failures = 0
        while True:
            failures = await self._attempt(failures)

    async def step(self) -> int:
        """Archive one batch, waiting for one for a moment; return how many entries it had.

        A crash between writing and acknowledging leaves the entries pending: they come again, to
        another archiver, and are written once, for `record` knows them by their number.

        Raises:
            StoreUnavailable: Redis is away; what was read is kept for the next step.
            ArchiveUnavailable: SQL is away; what was read is kept for the next step.
        """
        if not self._held:
            self._held = await self._read()
        if self._held and not await self._log.is_certain(self._held[-1]):
            logger.warning("a failover of Redis took back what was to be archived: read again")
            self._held = []
        count = len(self._held)
        written = await self._write(self._held)
        await self._log.ack([entry.log_id for entry in self._held])
        self._held = []
        self._on_archived(written)
        reached, self._reached = self._reached, {}
        if self._shorten is not None:
            await self._shorten(reached)
        await self._tidy()
        return count

    async def _write(self, entries: Sequence[LogEntry]) -> list[Event]:
        """Write what can be written; keep aside what can not."""
        events, bad = _read_events(entries)
        try:
            self._reached |= await self._record([*events.values(), *_stand_ins(bad)])
        except NEVER_TAKEN:
            logger.warning("a batch cannot be written: trying its events one by one", exc_info=True)
            for log_id, event in list(events.items()):
                if not await self._takes(event):
                    del events[log_id]
            bad = [entry for entry in entries if entry.log_id not in events]
            for stand_in in _stand_ins(bad):
                await self._takes(stand_in)
        if bad:
            logger.error("set aside, not in the history: %s", [entry.log_id for entry in bad])
            await self._log.set_aside(bad)
            self._on_set_aside(len(bad))
        return list(events.values())

    async def _record(self, events: Sequence[Event]) -> dict[str, int]:
        return await record(self._database, events, mail_after_ms=self._mail_after_ms)

    async def _takes(self, event: Event) -> bool:
        try:
            self._reached |= await self._record([event])
        except NEVER_TAKEN:
            return False
        return True

    async def _attempt(self, failures: int) -> int:
        try:
            await self.step()
        except (StoreUnavailable, ArchiveUnavailable) as error:
            self._on_interrupted(isinstance(error, ArchiveUnavailable))
            if failures == 0:
                logger.warning("archiving is interrupted; nothing is lost", exc_info=True)
            await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
            return failures + 1
        self._on_interrupted(False)
        return 0

    async def _read(self) -> list[LogEntry]:
        """Wait for entries, then a little longer for more: one transaction for many is cheap."""
        if not self._grouped:
            await self._log.ensure_group()
            await self._log.forget_consumers(idle_ms=FORGOTTEN_MS)
            self._grouped = True
        now_ms = self._clock.now_ms()
        if now_ms - self._reclaimed_ms >= TAKEOVER_MS:
            self._reclaimed_ms = now_ms
            lost = await self._log.reclaim(self._consumer, idle_ms=TAKEOVER_MS, count=self._batch)
            if lost:
                self._reclaimed_ms = 0  # there may be more
                return lost
        entries = await self._log.read_group(self._consumer, count=self._batch)
        if 0 < len(entries) < self._batch:
            await asyncio.sleep(LINGER_S)
            room = self._batch - len(entries)
            entries += await self._log.read_group(self._consumer, count=room, block_ms=1)
        return entries

    async def _tidy(self) -> None:
        now_ms = self._clock.now_ms()
        if now_ms - self._tidied_ms < TIDY_MS:
            return
        self._tidied_ms = now_ms
        await self._log.trim(keep_from_ms=now_ms - self._keep_ms)


def _read_events(entries: Sequence[LogEntry]) -> tuple[dict[str, Event], list[LogEntry]]:
    """Return the events of entries, by log id, and the entries that hold none."""
    events: dict[str, Event] = {}
    bad: list[LogEntry] = []
    for entry in entries:
        try:
            events[entry.log_id] = entry.event
        except ValueError:  # noqa: PERF203 - one bad entry must not cost the others
            bad.append(entry)
    return events, bad


def _stand_ins(entries: Sequence[LogEntry]) -> list[Event]:
    """Return what the history has in the place of entries whose place is known."""
    return [
        Event(
            conversation_id=entry.conversation_id,
            seq=entry.seq,
            type=UNREADABLE,
            at_ms=int(entry.log_id.split("-")[0]),
            epoch=1,
            data={"log_id": entry.log_id},
        )
        for entry in entries
        if entry.conversation_id and entry.seq > 0
    ]
