"""Lets each kind of data go: how much is due, and the next little bit of it."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from handoff_service.archive import old_rows
from handoff_service.archive.database import Database
from handoff_service.archive.models import AttachmentRow, AuditRow, ConversationRow, MailRow
from handoff_service.archive.tables.learn_turns import LearnTurnRow
from handoff_service.archive.tables.presence import PresenceRow
from handoff_service.attachments.uploads import Attachments
from handoff_service.erasure import Forget
from handoff_service.retention.old_files import count_backups, count_lines, cut_logs, drop_backups
from handoff_service.retention.times import Kind
from handoff_service.store import Store

#: Conversations, each with hundreds of rows, and rows of other kinds that one step deletes: a
#: transaction of some milliseconds, so that nobody who writes waits for long.
TALKS, ROWS = 20, 500

#: Takes a time, in ms since 1970, and returns a number of things.
Doing = Callable[[int], Awaitable[int]]


class OldData:
    """What is from before a time. All raise ArchiveUnavailable, StoreUnavailable and the like."""

    def __init__(
        self,
        database: Database,
        store: Store,
        attachments: Attachments,
        *,
        data_dir: Path,
        forget_dialogues: Forget,
    ) -> None:
        """`data_dir`: of logs and backups; `forget_dialogues`: the bot's, by conversation."""
        self._database, self._store, self._attachments = database, store, attachments
        self._data_dir, self._forget_dialogues = data_dir, forget_dialogues
        self._steps: dict[Kind, Doing] = {
            Kind.TRANSCRIPTS: self._talks,
            Kind.ATTACHMENTS: self._files,
            Kind.MAILS: self._mails,
            Kind.LEARNED: self._learned,
            Kind.CANDIDATE_REPORTS: self._reports,
            Kind.PRESENCE: self._presence,
            Kind.AUDIT: self._audit,
            Kind.BACKUPS: self._backups,
            Kind.LOGS: self._logs,
        }

    async def step(self, kind: Kind, before_ms: int) -> int:
        """Let some of a kind go; how many things did: 0 when none is left."""
        return await self._steps[kind](before_ms)

    async def rewrite_live(self) -> None:
        """Let nothing that was deleted stand in the live store's file."""
        await self._store.past.rewrite()

    async def count(self, kind: Kind, before_ms: int) -> int:
        """Return how many things of a kind would go."""
        count = old_rows.count_rows
        match kind:
            case Kind.TRANSCRIPTS:
                return await count(self._database, ConversationRow, old_rows.old_talks(before_ms))
            case Kind.ATTACHMENTS:
                return await count(self._database, AttachmentRow, old_rows.old_files(before_ms))
            case Kind.MAILS:
                return await count(self._database, MailRow, old_rows.old_mails(before_ms))
            case Kind.LEARNED:
                return await count(self._database, LearnTurnRow, old_rows.old_turns(before_ms))
            case Kind.CANDIDATE_REPORTS:
                return await old_rows.count_reports(self._database, before_ms)
            case Kind.PRESENCE:
                return await count(self._database, PresenceRow, old_rows.old_presence(before_ms))
            case Kind.AUDIT:
                return await count(self._database, AuditRow, old_rows.old_audit(before_ms))
            case Kind.BACKUPS:
                return await asyncio.to_thread(count_backups, self._data_dir, before_ms)
            case Kind.LOGS:
                return await asyncio.to_thread(count_lines, self._data_dir, before_ms)

    async def _talks(self, before_ms: int) -> int:
        ids = await old_rows.find_talks(self._database, before_ms, limit=TALKS)
        if not ids:
            return 0
        # The live store lets go of them first: what it has then is in use again.
        past = self._store.past
        archived = await self._store.log.archived_before()
        await past.forget(ids, until_ms=before_ms, archived_before=archived)
        used = await past.still_there(ids)
        gone = [name for name in ids if name not in used]
        await self._attachments.forget(gone)
        await self._forget_dialogues(gone)
        return await old_rows.delete_talks(self._database, gone, before_ms=before_ms)

    async def _files(self, before_ms: int) -> int:
        rows = await old_rows.find_files(self._database, before_ms, limit=TALKS)
        await self._attachments.delete(rows)
        return len(rows)

    async def _mails(self, before_ms: int) -> int:
        old = old_rows.old_mails(before_ms)
        return await old_rows.delete_some(self._database, MailRow, old, limit=ROWS)

    async def _learned(self, before_ms: int) -> int:
        return await old_rows.delete_turns(self._database, before_ms, limit=ROWS)

    async def _reports(self, before_ms: int) -> int:
        return await old_rows.empty_reports(self._database, before_ms)

    async def _presence(self, before_ms: int) -> int:
        old = old_rows.old_presence(before_ms)
        return await old_rows.delete_some(self._database, PresenceRow, old, limit=ROWS)

    async def _audit(self, before_ms: int) -> int:
        await old_rows.allow_audit(self._database, before_ms)
        old = old_rows.old_audit(before_ms)
        return await old_rows.delete_some(self._database, AuditRow, old, limit=ROWS)

    async def _backups(self, before_ms: int) -> int:
        return await asyncio.to_thread(drop_backups, self._data_dir, before_ms)

    async def _logs(self, before_ms: int) -> int:
        return await asyncio.to_thread(cut_logs, self._data_dir, before_ms)
