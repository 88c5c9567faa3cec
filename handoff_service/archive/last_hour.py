"""Counts what became of those who waited within the last hour."""

from sqlalchemy import func, select

from handoff_service.archive.database import Database
from handoff_service.archive.models import EventRow
from handoff_service.domain import EventType

HOUR_MS = 3_600_000
ANSWERED = (EventType.HANDOFF_ASSIGNED.value, EventType.HANDOFF_TAKEN_OVER.value)


async def count_last_hour(database: Database, *, now_ms: int) -> tuple[int, int]:
    """Return how many a person accepted, and how many gave up waiting. ArchiveUnavailable."""
    row = EventRow
    kinds = (*ANSWERED, EventType.HANDOFF_ABANDONED.value)
    query = (
        select(row.type, func.count())
        .where(row.at_ms > now_ms - HOUR_MS, row.type.in_(kinds))
        .group_by(row.type)
    )
    async with database.session() as session:
        counts = {found[0]: found[1] for found in await session.execute(query)}
    return sum(counts.get(kind, 0) for kind in ANSWERED), counts.get(kinds[-1], 0)
