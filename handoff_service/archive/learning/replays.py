"""Reads conversations to be asked again: the customers' own words, and what is known of each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.models import EventRow
from handoff_service.archive.tables.learn_turns import LearnTurnRow
from handoff_service.archive.tables.reviews import ReviewDecisionRow
from handoff_service.domain import EventType

#: Conversations read at a time: databases bound what one statement may name.
SLICE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a turn that the bot answered; nothing in it is as it was said."""

    text: str
    language: str
    intent: str | None
    did: str
    article_id: str | None
    vote: int | None
    mark: str | None
    helped: bool | None
    handoff_reason: str | None
    #: What reviewers agree on: verdict, intent and article; None: nobody decided, or not alike.
    verdict: str | None = None
    right_intent: str | None = None
    right_article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTurn:
    """One message that the bot was asked, in the customer's own words: they go to a bot only."""

    conversation_id: str
    seq: int
    text: str
    payload: dict[str, Any] | None
    language: str
    waiting: bool
    known: Known | None  #: None: a click, or nothing that asks
    facts: dict[str, Any] = field(default_factory=dict)  #: more of what the bot is told


async def read_conversations(
    database: Database, *, since_ms: int, limit: int
) -> Sequence[AskedTurn]:
    """Return the turns of conversations with a question since then, the latest at most, in order.

    Raises ArchiveUnavailable.
    """
    latest = func.max(LearnTurnRow.at_ms)
    chosen = (
        select(LearnTurnRow.conversation_id)
        .where(LearnTurnRow.at_ms >= since_ms)
        .group_by(LearnTurnRow.conversation_id)
        .order_by(latest.desc())
        .limit(limit)
    )
    turns: list[AskedTurn] = []
    async with database.session() as session:
        ids = list(await session.scalars(chosen))
        for start in range(0, len(ids), SLICE):
            some = ids[start : start + SLICE]
            known = await _known(session, some)
            events = select(EventRow).where(EventRow.conversation_id.in_(some))
            events = events.order_by(EventRow.conversation_id, EventRow.seq)
            turns += _turns(await session.scalars(events), known)
    return turns


async def _known(session: AsyncSession, ids: Sequence[str]) -> dict[tuple[str, int], Known]:
    rows = list(
        await session.scalars(select(LearnTurnRow).where(LearnTurnRow.conversation_id.in_(ids)))
    )
    decided = await _decided(session, {row.phrase_id for row in rows if row.phrase_id})
    return {
        (row.conversation_id, row.seq): Known(
            text=row.text,
            language=row.language,
            intent=row.intent,
            did=row.did,
            article_id=row.article_id,
            vote=row.vote,
            mark=row.mark,
            helped=row.helped,
            handoff_reason=row.handoff_reason,
            **decided.get(row.phrase_id or 0, {}),
        )
        for row in rows
    }


async def _decided(session: AsyncSession, phrases: set[int]) -> dict[int, dict[str, str | None]]:
    """Return what reviewers agree on, by phrase."""
    found: dict[int, set[tuple[str, str | None, str | None]]] = defaultdict(set)
    standing = select(ReviewDecisionRow).where(ReviewDecisionRow.withdrawn_ms.is_(None))
    for row in await session.scalars(standing) if phrases else ():
        for phrase_id in phrases.intersection(row.phrase_ids):
            found[phrase_id].add((row.verdict, row.intent, row.article_id))
    names = ("verdict", "right_intent", "right_article")
    return {
        phrase_id: dict(zip(names, next(iter(said)), strict=True))
        for phrase_id, said in found.items()
        if len(said) == 1
    }


def _turns(events: Iterable[EventRow], known: dict[tuple[str, int], Known]) -> Iterable[AskedTurn]:
    language, waiting, conversation_id = "en", False, ""
    for event in events:
        if event.conversation_id != conversation_id:
            conversation_id, language, waiting = event.conversation_id, "en", False
        data = event.data
        if event.type == EventType.STARTED:
            language = str(data.get("locale") or language)
        elif event.type == EventType.LANGUAGE_CHANGED:
            language = str(data.get("language") or language)
        elif event.type == EventType.HANDOFF_REQUESTED:
            waiting = True
        elif event.type in {EventType.HANDOFF_CANCELLED, EventType.CLOSED}:
            waiting = False
        elif event.type == EventType.MESSAGE_POSTED and data.get("author") == "customer":
            text, payload = str(data.get("text") or ""), data.get("payload")
            if "turn" in data and (text or payload):
                yield AskedTurn(
                    conversation_id=conversation_id,
                    seq=event.seq,
                    text=text,
                    payload=payload or None,
                    language=language,
                    waiting=waiting,
                    known=known.get((conversation_id, event.seq)),
                )
