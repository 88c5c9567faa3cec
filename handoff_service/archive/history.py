"""Writes events to the history, each once, whatever the order and however often they come."""

import logging
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow, EventRow, RatingRow, VoteRow
from handoff_service.archive.projection import Fact, fold
from handoff_service.domain import Event, EventType

logger = logging.getLogger(__name__)

#: What a step of the fold raises on data of another shape than this version knows.
OTHER_SHAPE = (KeyError, TypeError, ValueError, AttributeError)


async def record(database: Database, events: Iterable[Event]) -> dict[str, int]:
    """Write a batch in one transaction; on return it is on the disk.

    The row of a conversation is folded from its events, without a gap, from the last one folded on.
    So it does not matter which replica writes which batch first, nor whether a batch comes twice: a
    late event closes the gap and the fold goes on.

    Returns:
        For each conversation of the batch up to which number every event is in the history.

    Raises:
        ArchiveUnavailable: nothing was written.
        SQLAlchemyError, ValueError, OverflowError: nothing was written; the database will never
            take one of these events.
    """
    batch = sorted(events, key=_place)
    if not batch:
        return {}
    conversation_ids = sorted({event.conversation_id for event in batch})
    async with database.session() as session:
        await session.execute(
            database.insert(ConversationRow).on_conflict_do_nothing(),
            [{"id": conversation_id} for conversation_id in conversation_ids],
        )
        # Locked in one order, and before their events refer to them: else two replicas that write
        # the same conversations would wait for each other.
        locked = await session.scalars(
            select(ConversationRow)
            .where(ConversationRow.id.in_(conversation_ids))
            .order_by(ConversationRow.id)
            .with_for_update()
        )
        rows = {row.id: row for row in locked}
        await session.execute(
            database.insert(EventRow).on_conflict_do_nothing(),
            [_values(event) for event in batch],
        )
        tables = _Tables(database)
        tables.fold(rows, batch)
        await session.flush()  # the numbers folded so far, for the next statement
        tables.fold(rows, await _stored_beyond(session, conversation_ids))
        await tables.write(session)
        return {row.id: row.last_seq for row in rows.values()}


def _place(event: Event) -> tuple[str, int]:
    return event.conversation_id, event.seq


async def _stored_beyond(
    session: AsyncSession, conversation_ids: Sequence[str]
) -> Sequence[EventRow]:
    """Return the events that came before one that they follow: another replica wrote them."""
    later = (
        select(EventRow)
        .join(ConversationRow, ConversationRow.id == EventRow.conversation_id)
        .where(ConversationRow.id.in_(conversation_ids), EventRow.seq > ConversationRow.last_seq)
        .order_by(EventRow.conversation_id, EventRow.seq)
    )
    return (await session.scalars(later)).all()


class _Tables:
    """What a batch adds to the tables beside the events: gathered first, written at once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ratings: list[dict[str, Any]] = []
        self._votes: dict[tuple[str, int], dict[str, Any]] = {}

    def fold(self, rows: dict[str, ConversationRow], facts: Iterable[Fact]) -> None:
        """Bring rows forward; `facts` in order. Stops at a gap, skips what was folded before."""
        for conversation_id, its in groupby(facts, key=lambda fact: fact.conversation_id):
            row = rows[conversation_id]
            for fact in its:
                if fact.seq > row.last_seq + 1:
                    break
                if fact.seq == row.last_seq + 1:
                    self._take(row, fact)

    async def write(self, session: AsyncSession) -> None:
        if self._ratings:
            insert = self._database.insert(RatingRow).on_conflict_do_nothing()
            await session.execute(insert, self._ratings)
        if self._votes:
            insert = self._database.insert(VoteRow)
            answer = ("conversation_id", "answer_seq")
            changed = {c.name: c for c in insert.excluded if c.name not in answer}
            await session.execute(
                insert.on_conflict_do_update(index_elements=answer, set_=changed),
                list(self._votes.values()),
            )

    def _take(self, row: ConversationRow, fact: Fact) -> None:
        try:
            fold(row, fact)
            if fact.type == EventType.RATED:
                self._ratings.append(_rating(row, fact))
            elif fact.type == EventType.ANSWER_VOTED:
                # Votes come in order, as every event does: the one written last counts.
                self._votes[row.id, fact.data["seq"]] = _vote(fact)
        except OTHER_SHAPE:
            logger.warning(
                "event %s of %s (%s) has another shape than this version knows: kept, not counted",
                fact.seq, row.id, fact.type, exc_info=True,
            )  # fmt: skip


def _rating(row: ConversationRow, fact: Fact) -> dict[str, Any]:
    return {
        "conversation_id": row.id,
        "seq": fact.seq,
        "at_ms": fact.at_ms,
        "agent_id": row.agent_id,
        "stars": fact.data["stars"],
        "comment": fact.data.get("comment") or "",
    }


def _vote(fact: Fact) -> dict[str, Any]:
    first: dict[str, Any] = next(iter(fact.data.get("sources") or []), {})
    return {
        "conversation_id": fact.conversation_id,
        "answer_seq": fact.data["seq"],
        "seq": fact.seq,
        "at_ms": fact.at_ms,
        "helpful": fact.data["helpful"],
        "article_id": first.get("article_id") or "",
        "locale": (first.get("locale") or "")[:16],
        "query": fact.data.get("query"),
        "confidence": fact.data.get("confidence"),
        "index_version": fact.data.get("index_version"),
    }


def _values(event: Event) -> dict[str, Any]:
    return {
        "conversation_id": event.conversation_id,
        "seq": event.seq,
        "type": str(event.type),
        "at_ms": event.at_ms,
        "epoch": event.epoch,
        "data": _without_nul(event.data),
    }


def _without_nul(value: Any) -> Any:  # JSON of any shape
    """Drop U+0000: PostgreSQL keeps none in JSON, and no text that a person reads has one."""
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, dict):
        return {_without_nul(key): _without_nul(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without_nul(inner) for inner in value]
    return value
