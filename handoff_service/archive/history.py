"""Writes events to the history, each once, whatever the order and however often they come."""

import logging
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, TypeAlias

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.answer_marks import mark_row
from handoff_service.archive.database import Database
from handoff_service.archive.inbox_rows import InboxRows
from handoff_service.archive.mails import settling_answer
from handoff_service.archive.mentions import mention_rows
from handoff_service.archive.models import (
    ConversationRow,
    ErasedRow,
    EventRow,
    MailRow,
    RatingRow,
    SurveyRow,
    VoteRow,
)
from handoff_service.archive.projection import Fact, fold
from handoff_service.archive.reply_uses import use_of
from handoff_service.archive.tables.replies import ReplyUseRow
from handoff_service.archive.tables.reports import DueRow
from handoff_service.archive.tables.talk import AnswerMarkRow, MentionRow
from handoff_service.contact import email_of
from handoff_service.domain import Author, Event, EventType

logger = logging.getLogger(__name__)

#: Tables in which the last word on something stands.
LastWord: TypeAlias = VoteRow | SurveyRow | AnswerMarkRow

#: What a step of the fold raises on data of another shape than this version knows.
OTHER_SHAPE = (KeyError, TypeError, ValueError, AttributeError)


async def record(
    database: Database, events: Iterable[Event], *, mail_after_ms: int | None = None
) -> dict[str, int]:
    """Write a batch in one transaction; on return it is on the disk.

    The row of a conversation is folded from its events, without a gap, from the last one folded on.
    So it does not matter which replica writes which batch first, nor whether a batch comes twice: a
    late event closes the gap and the fold goes on. What comes of a conversation that was deleted at
    its customer's wish is not kept.

    Args:
        database: The history.
        events: In any order, of any conversations.
        mail_after_ms: How long an agent's answer may wait to be read before it goes out by e-mail,
            where the customer left an address; None: no e-mail is sent.

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
        erased = await _forget_erased(session, conversation_ids)
        rows = {row.id: row for row in locked if row.id not in erased}
        batch = [event for event in batch if event.conversation_id not in erased]
        if not batch:
            return {}
        await session.execute(
            database.insert(EventRow).on_conflict_do_nothing(),
            [_values(event) for event in batch],
        )
        tables = _Tables(database, mail_after_ms=mail_after_ms)
        tables.fold(rows, batch)
        await session.flush()  # the numbers folded so far, for the next statement
        tables.fold(rows, await _stored_beyond(session, list(rows)))
        await tables.write(session)
        await _count_anew(database, session, list(rows))
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


async def _count_anew(
    database: Database, session: AsyncSession, conversation_ids: Sequence[str]
) -> None:
    """Let reports know that these have changed (reports/counting.py)."""
    await session.execute(
        database.insert(DueRow).on_conflict_do_nothing(),
        [{"conversation_id": name} for name in conversation_ids],
    )


async def _forget_erased(session: AsyncSession, conversation_ids: Sequence[str]) -> set[str]:
    """Delete again those that were deleted; their rows are locked, as they were then."""
    found = await session.scalars(
        select(ErasedRow.conversation_id).where(ErasedRow.conversation_id.in_(conversation_ids))
    )
    erased = set(found)
    if erased:
        await session.execute(
            delete(ConversationRow)
            .where(ConversationRow.id.in_(erased))
            .execution_options(synchronize_session=False)
        )
    return erased


class _Tables:
    """What a batch adds to the tables beside the events: gathered first, written at once."""

    def __init__(self, database: Database, *, mail_after_ms: int | None) -> None:
        self._database = database
        self._mail_after_ms = mail_after_ms
        self._answers: dict[str, dict[str, Any]] = {}
        self._ratings: list[dict[str, Any]] = []
        #: Table → conversation and number of what is spoken of → the last word on it.
        self._last_words: dict[type[LastWord], dict[tuple[str, int], dict[str, Any]]]
        self._last_words = {VoteRow: {}, SurveyRow: {}, AnswerMarkRow: {}}
        self._mentions: list[dict[str, Any]] = []
        self._inbox = InboxRows(database)
        self._uses: list[dict[str, Any]] = []

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
        if self._answers:
            insert = self._database.insert(MailRow).on_conflict_do_nothing()
            await session.execute(insert, list(self._answers.values()))
        for added, rows in ((ReplyUseRow, self._uses), (MentionRow, self._mentions)):
            if rows:
                insert = self._database.insert(added).on_conflict_do_nothing()
                await session.execute(insert, rows)
        await self._inbox.write(session)
        for table, words in self._last_words.items():
            if not words:
                continue
            insert = self._database.insert(table)
            key = [column.name for column in table.__table__.primary_key]
            changed = {c.name: c for c in insert.excluded if c.name not in key}
            await session.execute(
                insert.on_conflict_do_update(index_elements=key, set_=changed),
                list(words.values()),
            )

    def _take(self, row: ConversationRow, fact: Fact) -> None:
        try:
            fold(row, fact)
            if self._mail_after_ms is not None:
                self._note_answer(row, fact)
            if fact.type == EventType.RATED:
                self._ratings.append(_rating(row, fact))
            elif fact.type == EventType.ANSWER_VOTED:
                # Votes come in order, as every event does: the one written last counts.
                self._last_words[VoteRow][row.id, fact.data["seq"]] = _vote(fact)
            elif fact.type == EventType.ANSWER_MARKED:
                marked = mark_row(fact, language=row.language)
                self._last_words[AnswerMarkRow][row.id, fact.data["seq"]] = marked
            elif fact.type == EventType.NOTE_POSTED:
                self._mentions += mention_rows(fact)
            elif fact.type == EventType.SURVEY_ANSWERED:
                self._last_words[SurveyRow][row.id, fact.data["about"]] = _survey(fact)
            if row.prepared >= 0:
                row.prepared = fact.seq
            self._inbox.take(row, fact)
            if (used := use_of(row, fact)) is not None:
                self._uses.append(used)
        except OTHER_SHAPE:
            logger.warning(
                "event %s of %s (%s) has another shape than this version knows: kept, not counted",
                fact.seq, row.id, fact.type, exc_info=True,
            )  # fmt: skip

    def _note_answer(self, row: ConversationRow, fact: Fact) -> None:
        """Ask for an e-mail where an agent answers one who left an address."""
        if fact.type != EventType.MESSAGE_POSTED or fact.data["author"] != Author.AGENT:
            return
        address = email_of(row.handoff.get("contact") or "")
        if address is not None and self._mail_after_ms is not None:
            self._answers[row.id] = settling_answer(
                row.id, address, now_ms=fact.at_ms, due_ms=fact.at_ms + self._mail_after_ms
            )


def _rating(row: ConversationRow, fact: Fact) -> dict[str, Any]:
    return {
        "conversation_id": row.id,
        "seq": fact.seq,
        "at_ms": fact.at_ms,
        "agent_id": row.agent_id,
        "stars": fact.data["stars"],
        "comment": fact.data.get("comment") or "",
    }


def _survey(fact: Fact) -> dict[str, Any]:
    return {
        "conversation_id": fact.conversation_id,
        "about": fact.data["about"],
        "seq": fact.seq,
        "at_ms": fact.at_ms,
        "kind": fact.data["kind"],
        "after": fact.data.get("after") or "",
        "score": fact.data.get("score"),
        "comment": fact.data.get("comment") or "",
        "agent_id": fact.data.get("agent_id"),
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
