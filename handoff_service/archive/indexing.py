"""Makes the conversations of before there was an inbox searchable, a few at a time."""

from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.history import OTHER_SHAPE
from handoff_service.archive.inbox_rows import InboxRows
from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.archive.projection import fold

#: Conversations of one transaction: SQLite's only writer is held for a fraction of a second.
BATCH = 50
#: What a row says beyond what it said before there was an inbox.
ADDED = (
    *("customer_name", "site", "team", "priority", "sla_due_ms", "parked_until_ms"),
    *("tags", "last_line", "last_author"),
)


async def count_unprepared(database: Database) -> int:
    """Return how many conversations cannot be searched yet. Raises ArchiveUnavailable."""
    async with database.session() as session:
        waiting = select(func.count()).where(ConversationRow.prepared < 0)
        return await session.scalar(waiting) or 0


async def index_history(database: Database, *, on_batch: Callable[[int], None]) -> int:
    """Prepare every conversation that is not; return how many were.

    May run beside a running system, be stopped at any time and run again: each batch is one
    transaction, and what it wrote is known by the rows themselves. `on_batch` is told after each
    how many conversations it had. Raises ArchiveUnavailable.
    """
    done = 0
    while True:
        async with database.session() as session:
            count = await _prepare(database, session)
        if count == 0:
            return done
        done += count
        on_batch(count)


async def _prepare(database: Database, session: AsyncSession) -> int:
    statement = select(ConversationRow).where(ConversationRow.prepared < 0)
    locked = await session.scalars(
        statement.order_by(ConversationRow.id).limit(BATCH).with_for_update(skip_locked=True)
    )
    rows = {row.id: row for row in locked}
    again = {conversation_id: _empty(conversation_id) for conversation_id in rows}
    inbox = InboxRows(database)
    events = select(EventRow).where(EventRow.conversation_id.in_(list(rows)))
    for event in await session.scalars(events.order_by(EventRow.conversation_id, EventRow.seq)):
        row = again[event.conversation_id]
        if event.seq > rows[row.id].last_seq:
            continue  # behind a gap: the archiver takes it when the gap is closed
        try:
            fold(row, event)
            inbox.take(row, event)
        except OTHER_SHAPE:
            continue  # the archiver said so in the log when it wrote it
    for conversation_id, row in rows.items():
        for name in ADDED:
            setattr(row, name, getattr(again[conversation_id], name))
        row.prepared = row.last_seq
    await session.flush()
    await inbox.write(session)
    return len(rows)


def _empty(conversation_id: str) -> ConversationRow:
    """Return a row before its first event, of no database."""
    return ConversationRow(
        id=conversation_id, last_seq=0, state="bot", handoff={}, page={}, tags=[], priority=5,
        customer_name="", site="", last_line="", last_author="",
    )  # fmt: skip
