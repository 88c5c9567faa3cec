"""Writes events to the history, each once, whatever the order and however often they come."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow, EventRow, RatingRow, VoteRow
from handoff_service.archive.projection import fold
from handoff_service.domain import Event, EventType


async def record(database: Database, events: Iterable[Event]) -> None:
    """Write a batch in one transaction; on return it is on the disk.

    The row of a conversation is folded from its events in the table, without a gap, from the last
    one folded on. So it does not matter which replica writes which batch first, nor whether a batch
    comes twice: a late event closes the gap and the fold goes on.

    Raises:
        ArchiveUnavailable: nothing was written.
    """
    batch = sorted(events, key=lambda event: (event.conversation_id, event.seq))
    if not batch:
        return
    conversation_ids = sorted({event.conversation_id for event in batch})
    async with database.session() as session:
        await session.execute(
            database.insert(ConversationRow).on_conflict_do_nothing(),
            [{"id": conversation_id} for conversation_id in conversation_ids],
        )
        # Locked in one order, and before their events refer to them: else two replicas that write
        # the same conversations would wait for each other.
        rows = await session.scalars(
            select(ConversationRow)
            .where(ConversationRow.id.in_(conversation_ids))
            .order_by(ConversationRow.id)
            .with_for_update()
        )
        locked = rows.all()
        await session.execute(
            database.insert(EventRow).on_conflict_do_nothing(), [_values(event) for event in batch]
        )
        for row in locked:
            await _catch_up(database, session, row)


async def _catch_up(database: Database, session: AsyncSession, row: ConversationRow) -> None:
    later = (
        select(EventRow)
        .where(EventRow.conversation_id == row.id, EventRow.seq > row.last_seq)
        .order_by(EventRow.seq)
    )
    for event in await session.scalars(later):
        if event.seq != row.last_seq + 1:
            return
        fold(row, event)
        if event.type == EventType.RATED:
            await session.execute(_keep_rating(database, row, event))
        elif event.type == EventType.ANSWER_VOTED:
            await session.execute(_keep_vote(database, event))


def _keep_rating(database: Database, row: ConversationRow, event: EventRow) -> Insert:
    rating = {
        "conversation_id": row.id,
        "seq": event.seq,
        "at_ms": event.at_ms,
        "agent_id": row.agent_id,
        "stars": event.data["stars"],
        "comment": event.data.get("comment") or "",
    }
    insert: Insert = database.insert(RatingRow).values(rating).on_conflict_do_nothing()
    return insert


def _keep_vote(database: Database, event: EventRow) -> Insert:
    """Votes come in order, as every event does, so the one written last is the one that counts."""
    answer = {"conversation_id": event.conversation_id, "answer_seq": event.data["seq"]}
    first: dict[str, Any] = next(iter(event.data.get("sources") or []), {})
    vote = {
        "seq": event.seq,
        "at_ms": event.at_ms,
        "helpful": event.data["helpful"],
        "article_id": first.get("article_id") or "",
        "locale": (first.get("locale") or "")[:16],
        "query": event.data.get("query"),
        "confidence": event.data.get("confidence"),
        "index_version": event.data.get("index_version"),
    }
    insert: Insert = (
        database.insert(VoteRow)
        .values(answer | vote)
        .on_conflict_do_update(index_elements=list(answer), set_=vote)
    )
    return insert


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
