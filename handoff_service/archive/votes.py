"""Reads from the history what customers thought of answers, and how many answers there were."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow, EventRow, VoteRow
from handoff_service.domain import EventType

#: Votes that are read at a time; bounds the memory.
PAGE = 1000


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers given from one article, in one language, from one version of the index."""

    article_id: str
    locale: str  #: of the article that was quoted
    language: str  #: of the customer
    index_version: str  #: "" when the answer does not say
    count: int
    first_ms: int


@dataclass(frozen=True, slots=True)
class Vote:
    """The last vote on one answer."""

    article_id: str
    locale: str
    language: str
    index_version: str
    helpful: bool
    query: str | None
    #: Probability that the answer was right, as it was told; None: the customer chose the article.
    confidence: float | None


async def count_answers(database: Database, *, since_ms: int) -> list[Answers]:
    """Count the answers that quoted an article, given at `since_ms` or later.

    One scan over the messages of that time, in the database.
    """
    article_id = EventRow.data["sources", 0, "article_id"].as_string()
    groups = (
        article_id.label("article_id"),
        func.coalesce(EventRow.data["sources", 0, "locale"].as_string(), "").label("locale"),
        ConversationRow.language,
        func.coalesce(EventRow.data["index_version"].as_string(), "").label("index_version"),
    )
    statement = (
        select(*groups, func.count(), func.min(EventRow.at_ms))
        .join(ConversationRow, ConversationRow.id == EventRow.conversation_id)
        .where(
            EventRow.type == EventType.MESSAGE_POSTED.value,
            EventRow.at_ms >= since_ms,
            EventRow.data["kind"].as_string() == "answer",
            EventRow.data["author"].as_string() == "bot",
            article_id.is_not(None),
        )
        .group_by(*groups)
    )
    async with database.session() as session:
        return [Answers(*row) for row in await session.execute(statement)]


async def votes_on_answers(database: Database, *, since_ms: int) -> AsyncIterator[Vote]:
    """Yield the votes on answers given at `since_ms` or later, the latest votes first."""
    answer = and_(
        EventRow.conversation_id == VoteRow.conversation_id, EventRow.seq == VoteRow.answer_seq
    )
    statement = (
        select(
            VoteRow.article_id,
            VoteRow.locale,
            ConversationRow.language,
            func.coalesce(VoteRow.index_version, ""),
            VoteRow.helpful,
            VoteRow.query,
            VoteRow.confidence,
        )
        .join(EventRow, answer)
        .join(ConversationRow, ConversationRow.id == VoteRow.conversation_id)
        # A vote never comes before its answer: the first condition is for the index on votes.
        .where(VoteRow.at_ms >= since_ms, EventRow.at_ms >= since_ms)
        .order_by(VoteRow.at_ms.desc())
        .execution_options(yield_per=PAGE)
    )
    async with database.session() as session:
        async for row in await session.stream(statement):
            yield Vote(*row)
