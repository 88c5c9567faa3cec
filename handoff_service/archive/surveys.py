"""Reads from the history what customers were asked about the service, and what they said."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, String, column, func, select, table

from handoff_service.archive.database import Database
from handoff_service.archive.models import EventRow
from handoff_service.domain import EventType

#: The view of the answers to surveys and of the ratings from before there were any.
ANSWERS = table(
    "survey_answers",
    column("at_ms", BigInteger),
    column("kind", String),
    column("after", String),
    column("score", BigInteger),
)


@dataclass(frozen=True, slots=True)
class Count:
    """How many answers were the same."""

    kind: str
    after: str  #: what it followed: person or answer
    score: int | None  #: None: skipped
    count: int


async def count_answers(database: Database, *, since_ms: int) -> list[Count]:
    """Count the answers given at `since_ms` or later. Raises ArchiveUnavailable."""
    same = (ANSWERS.c.kind, ANSWERS.c.after, ANSWERS.c.score)
    statement = select(*same, func.count()).where(ANSWERS.c.at_ms >= since_ms).group_by(*same)
    async with database.session() as session:
        return [Count(*row) for row in await session.execute(statement)]


async def count_asked(database: Database, *, since_ms: int) -> dict[tuple[str, str], int]:
    """Count the questions asked at `since_ms` or later, by kind and what they followed."""
    same = (EventRow.data["kind"].as_string(), EventRow.data["after"].as_string())
    statement = (
        select(*same, func.count())
        .where(EventRow.type == EventType.SURVEY_ASKED.value, EventRow.at_ms >= since_ms)
        .group_by(*same)
    )
    async with database.session() as session:
        return {(kind, after): n for kind, after, n in await session.execute(statement)}
