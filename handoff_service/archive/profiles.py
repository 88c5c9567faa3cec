"""Reads from the history what is known of one customer: earlier conversations, ratings, votes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.models import (
    ConversationRow,
    EventRow,
    RatingRow,
    SurveyRow,
    VoteRow,
)
from handoff_service.archive.transcripts import Earlier, earlier_conversations
from handoff_service.domain import EventType

#: How much of what a customer wrote into a survey is told, in characters.
WORDS_CHARS = 500


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier conversation, for an agent."""

    conversation_id: str
    state: str
    started_ms: int
    last_at_ms: int
    topic: str | None
    agent_id: str | None
    agent_name: str | None
    disposition: str | None
    #: What was said last.
    last_words: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the customer answered when asked how it went; `kind`: csat, ces, nps or stars."""

    conversation_id: str
    at_ms: int
    kind: str
    score: int
    comment: str


@dataclass(frozen=True, slots=True)
class Left:
    """A message left with nobody on duty."""

    conversation_id: str
    at_ms: int
    #: How the customer wants to be reached.
    contact: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What the history knows of a customer; each list begins with the latest."""

    earlier: tuple[Past, ...]
    opinions: tuple[Opinion, ...]
    left: tuple[Left, ...]
    #: Answers of the bot that the customer called helpful, and that they did not.
    helpful: int
    unhelpful: int


async def read_profile(database: Database, customer_id: str, *, but: str, limit: int) -> Profile:
    """Read what is known of a customer beside conversation `but`. Raises ArchiveUnavailable.

    Opinions, messages and votes are those of the conversations listed and of `but`.
    """
    earlier = await earlier_conversations(database, customer_id, but=but, limit=limit)
    ids = [but, *(one.conversation_id for one in earlier)]
    async with database.session() as session:
        rows = await session.scalars(select(ConversationRow).where(ConversationRow.id.in_(ids)))
        known = {row.id: row for row in rows}
        votes = await _votes(session, ids)
        return Profile(
            earlier=tuple(_past(known[one.conversation_id], one) for one in earlier),
            opinions=tuple(await _opinions(session, ids, limit=limit)),
            left=tuple(await _left(session, ids, limit=limit)),
            helpful=votes.get(True, 0),
            unhelpful=votes.get(False, 0),
        )


def _past(row: ConversationRow, one: Earlier) -> Past:
    return Past(
        conversation_id=row.id,
        state=row.state,
        started_ms=row.started_ms,
        last_at_ms=row.last_at_ms,
        topic=row.topic,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        disposition=row.disposition,
        last_words=one.last_words,
    )


async def _votes(session: AsyncSession, ids: Sequence[str]) -> dict[bool, int]:
    statement = (
        select(VoteRow.helpful, func.count())
        .where(VoteRow.conversation_id.in_(ids))
        .group_by(VoteRow.helpful)
    )
    return {row.helpful: row[1] for row in await session.execute(statement)}


async def _opinions(session: AsyncSession, ids: Sequence[str], *, limit: int) -> list[Opinion]:
    surveys = await session.scalars(
        select(SurveyRow)
        .where(SurveyRow.conversation_id.in_(ids), SurveyRow.score.is_not(None))
        .order_by(SurveyRow.at_ms.desc())
        .limit(limit)
    )
    ratings = await session.scalars(
        select(RatingRow)
        .where(RatingRow.conversation_id.in_(ids))
        .order_by(RatingRow.at_ms.desc())
        .limit(limit)
    )
    found = [
        Opinion(row.conversation_id, row.at_ms, row.kind, row.score, row.comment[:WORDS_CHARS])
        for row in surveys
        if row.score is not None
    ]
    found += [
        Opinion(row.conversation_id, row.at_ms, "stars", row.stars, row.comment[:WORDS_CHARS])
        for row in ratings
    ]
    return sorted(found, key=lambda opinion: opinion.at_ms, reverse=True)[:limit]


async def _left(session: AsyncSession, ids: Sequence[str], *, limit: int) -> list[Left]:
    rows = await session.scalars(
        select(EventRow)
        .where(EventRow.conversation_id.in_(ids), EventRow.type == EventType.MESSAGE_LEFT.value)
        .order_by(EventRow.at_ms.desc())
        .limit(limit)
    )
    return [
        Left(row.conversation_id, row.at_ms, str(row.data.get("contact") or "")) for row in rows
    ]
