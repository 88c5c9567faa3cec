"""Counts what waits for maintainers."""

from dataclasses import dataclass

from sqlalchemy import func, select

from handoff_service.archive.database import Database
from handoff_service.archive.tables.learn_topics import TopicRow
from handoff_service.archive.tables.learn_writing import SuggestionRow
from handoff_service.archive.tables.reviews import ReviewGroupRow


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of each kind nobody has decided yet."""

    open_groups: int
    topics: int
    suggestions: int


async def count_waiting(database: Database) -> Waiting:
    """Count what is queued or open; noise is no topic. Raises ArchiveUnavailable."""
    groups = select(func.count()).select_from(ReviewGroupRow).where(ReviewGroupRow.queued.is_(True))
    topics = (
        select(func.count())
        .select_from(TopicRow)
        .where(TopicRow.state == "open", TopicRow.kind != "noise")
    )
    suggestions = (
        select(func.count()).select_from(SuggestionRow).where(SuggestionRow.state == "open")
    )
    async with database.session() as session:
        return Waiting(
            open_groups=await session.scalar(groups) or 0,
            topics=await session.scalar(topics) or 0,
            suggestions=await session.scalar(suggestions) or 0,
        )
