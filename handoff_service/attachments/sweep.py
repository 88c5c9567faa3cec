"""Deletes files that were uploaded and never became part of a message."""

import asyncio
import logging

from handoff_service.archive.attachments import note_posted, unposted_before
from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveUnavailable
from handoff_service.archive.models import AttachmentRow
from handoff_service.archive.transcripts import read_events
from handoff_service.attachments.errors import StorageUnavailable
from handoff_service.attachments.uploads import Attachments
from handoff_service.clock import Clock
from handoff_service.errors import StoreUnavailable
from handoff_service.store import Store

logger = logging.getLogger(__name__)

#: A page that was offline with its message written has this long to come back, in milliseconds.
KEEP_MS = 24 * 3_600_000
#: Pause between two looks, in milliseconds.
LOOK_MS = 3_600_000
BATCH = 100


class Sweep:
    """Any number may run: whoever comes second finds nothing to do."""

    def __init__(
        self, attachments: Attachments, store: Store, database: Database, *, clock: Clock
    ) -> None:
        """Look in the live store and in the history before anything is deleted."""
        self._attachments = attachments
        self._store = store
        self._database = database
        self._clock = clock

    async def run(self) -> None:
        """Delete what is due, for ever."""
        while True:
            try:
                busy = await self.step() == BATCH
            except (ArchiveUnavailable, StorageUnavailable, StoreUnavailable) as error:
                logger.warning("files are swept later: %s", error)
                busy = False
            if not busy:
                await self._clock.sleep_until(self._clock.now_ms() + LOOK_MS)
            await asyncio.sleep(0)

    async def step(self) -> int:
        """Settle one batch; return how many files were looked at."""
        due = await unposted_before(self._database, self._clock.now_ms() - KEEP_MS, limit=BATCH)
        for row in due:
            seq = await self._seq_of(row)
            if seq is None:
                await self._attachments.delete([row])
            elif row.message_id is not None:  # stored, and the process died before it noted so
                await note_posted(self._database, message_id=row.message_id, ids=[row.id], seq=seq)
        return len(due)

    async def _seq_of(self, row: AttachmentRow) -> int | None:
        """Return the number of the stored message that shows the file."""
        if row.message_id is None:
            return None
        live = await self._store.conversations.events(row.conversation_id)
        archived = await read_events(self._database, row.conversation_id)
        for event in (*live, *archived):
            if any(shown["id"] == row.id for shown in event.data.get("attachments", ())):
                return event.seq
        return None
