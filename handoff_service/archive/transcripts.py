"""Reads conversations back from the history: lists, events, whole transcripts."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow, EventRow
from handoff_service.contact import asks_for_call
from handoff_service.domain import Event, EventType, State, event_type

#: Conversations that an export reads at a time; bounds its memory and its transactions.
PAGE = 200
#: How much of the last words of an earlier conversation is told, in characters.
LAST_WORDS_CHARS = 120


@dataclass(frozen=True, slots=True)
class Record:
    """A conversation as the history knows it."""

    conversation_id: str
    customer_id: str
    state: str
    epoch: int
    language: str
    page: dict[str, Any]
    #: The last request for a person: reason, topic, triage, tried, summary; {} for none.
    handoff: dict[str, Any]
    started_ms: int
    requested_ms: int | None
    assigned_ms: int | None
    closed_ms: int | None
    last_at_ms: int
    last_seq: int
    agent_id: str | None
    agent_name: str | None
    disposition: str | None
    stars: int | None
    comment: str | None
    site: str
    team: str | None
    priority: int
    tags: tuple[str, ...]
    customer_name: str

    def to_json(self) -> dict[str, Any]:
        """Return the shape of a live summary, with what only the history knows beside it."""
        contact = self.handoff.get("contact") or ""
        return {
            "conversation_id": self.conversation_id,
            "state": self.state,
            "epoch": self.epoch,
            "language": self.language,
            "topic": self.handoff.get("topic") or "",
            "reason": self.handoff.get("reason") or "",
            "triage": self.handoff.get("triage") or [],
            "tried": self.handoff.get("tried") or [],
            "summary": self.handoff.get("summary") or "",
            "contact": contact,
            "callback": self.handoff.get("callback") is True or asks_for_call(contact),
            "when": self.handoff.get("when") or "",
            "waiting_since_ms": self.requested_ms,
            "assigned_ms": self.assigned_ms,
            "started_ms": self.started_ms,
            "closed_ms": self.closed_ms,
            "last_at_ms": self.last_at_ms,
            "last_seq": self.last_seq,
            "agent_id": self.agent_id,
            "agent_name": self.agent_name,
            "disposition": self.disposition,
            "stars": self.stars,
            "comment": self.comment,
            "site": self.site,
            "team": self.team,
            "priority": self.priority,
            "tags": list(self.tags),
            "customer": {"customer_id": self.customer_id}
            | ({"name": self.customer_name} if self.customer_name else {})
            | ({"page": self.page} if self.page else {}),
        }


@dataclass(frozen=True, slots=True)
class Transcript:
    """A closed conversation, whole."""

    record: Record
    events: tuple[Event, ...]

    def to_json(self) -> dict[str, Any]:
        """Return one line of an export: the conversation, its messages, every event."""
        record = self.record
        return {
            "id": record.conversation_id,
            "customer": record.customer_id,
            "language": record.language,
            "started_ms": record.started_ms,
            "closed_ms": record.closed_ms,
            "reason": record.handoff.get("reason"),
            "topic": record.handoff.get("topic"),
            "agent": record.agent_name,
            "agent_id": record.agent_id,
            "disposition": record.disposition,
            "stars": record.stars,
            "comment": record.comment,
            "surveys": [
                {"seq": event.seq, "at_ms": event.at_ms, **event.data}
                for event in self.events
                if event.type is EventType.SURVEY_ANSWERED
            ],
            "messages": [
                {"seq": event.seq, "at_ms": event.at_ms, **event.data}
                for event in self.events
                if event.type is EventType.MESSAGE_POSTED
            ],
            "events": [event.to_json() for event in self.events],
        }


async def find_record(database: Database, conversation_id: str) -> Record | None:
    """Return what the history knows of a conversation; None when it never heard of it."""
    async with database.session() as session:
        row = await session.get(ConversationRow, conversation_id)
        return _record_of(row) if row is not None else None


async def list_records(
    database: Database, *, state: State | None, agent_id: str | None, limit: int
) -> list[Record]:
    """Return the latest conversations first, of one state and one agent where these are given."""
    statement = select(ConversationRow).order_by(ConversationRow.last_at_ms.desc()).limit(limit)
    if state is not None:
        statement = statement.where(ConversationRow.state == state.value)
    if agent_id is not None:
        statement = statement.where(ConversationRow.agent_id == agent_id)
    async with database.session() as session:
        return [_record_of(row) for row in await session.scalars(statement)]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier conversation as its customer's list shows it."""

    conversation_id: str
    started_ms: int
    last_at_ms: int
    closed_ms: int | None
    #: What was said last; "" when nothing was.
    last_words: str


async def earlier_conversations(
    database: Database, customer_id: str, *, but: str, limit: int
) -> list[Earlier]:
    """Return a customer's conversations, but one, the latest first; empty ones are left out.

    Raises ArchiveUnavailable.
    """
    last_said = (
        select(EventRow.conversation_id, func.max(EventRow.seq).label("seq"))
        .join(ConversationRow, ConversationRow.id == EventRow.conversation_id)
        .where(
            ConversationRow.customer_id == customer_id,
            ConversationRow.id != but,
            EventRow.type == EventType.MESSAGE_POSTED.value,
        )
        .group_by(EventRow.conversation_id)
        .subquery()
    )
    statement = (
        select(ConversationRow, EventRow)
        .join(last_said, last_said.c.conversation_id == ConversationRow.id)
        .join(
            EventRow,
            and_(EventRow.conversation_id == ConversationRow.id, EventRow.seq == last_said.c.seq),
        )
        .order_by(ConversationRow.last_at_ms.desc())
        .limit(limit)
    )
    async with database.session() as session:
        return [
            Earlier(
                row.id,
                row.started_ms,
                row.last_at_ms,
                row.closed_ms,
                str(said.data.get("text") or "")[:LAST_WORDS_CHARS],
            )
            for row, said in await session.execute(statement)
        ]


async def read_events(
    database: Database, conversation_id: str, *, after_seq: int = 0
) -> tuple[Event, ...]:
    """Return the events of a conversation that are in the history, in order."""
    async with database.session() as session:
        found = await _events_of(session, [conversation_id], after_seq=after_seq)
    return found[conversation_id]


async def transcripts_of(database: Database, customer_id: str) -> AsyncIterator[Transcript]:
    """Yield every conversation of a customer, open ones included, the oldest first."""
    statement = (
        select(ConversationRow)
        .where(ConversationRow.customer_id == customer_id)
        .order_by(ConversationRow.started_ms)
    )
    async with database.session() as session:
        for row in (await session.scalars(statement)).all():
            events = await _events_of(session, [row.id])
            yield Transcript(_record_of(row), events[row.id])


async def was_identified(database: Database, conversation_id: str) -> bool:
    """Whether the site signed who the customer of a conversation is."""
    identified = (
        select(EventRow.seq)
        .where(
            EventRow.conversation_id == conversation_id,
            EventRow.type == EventType.CUSTOMER_IDENTIFIED.value,
        )
        .limit(1)
    )
    async with database.session() as session:
        return await session.scalar(identified) is not None


async def closed_transcripts(database: Database, *, since_ms: int) -> AsyncIterator[Transcript]:
    """Yield the conversations that are closed, since a time, oldest first; a page at a time."""
    after: tuple[int, str] = (since_ms, "")
    while True:
        async with database.session() as session:
            rows = (await session.scalars(_closed_after(*after))).all()
            events = await _events_of(session, [row.id for row in rows])
        for row in rows:
            yield Transcript(_record_of(row), events[row.id])
        if len(rows) < PAGE:
            return
        after = (rows[-1].closed_ms or 0, rows[-1].id)


def _closed_after(closed_ms: int, conversation_id: str) -> Select[ConversationRow]:
    """The next page after a conversation: by the pair, so that equal times lose nobody."""
    row = ConversationRow
    return (
        select(row)
        .where(
            row.state == State.CLOSED.value,
            row.closed_ms >= closed_ms,
            (row.closed_ms > closed_ms) | (row.id > conversation_id),
        )
        .order_by(row.closed_ms, row.id)
        .limit(PAGE)
    )


async def _events_of(
    session: AsyncSession, conversation_ids: Sequence[str], *, after_seq: int = 0
) -> dict[str, tuple[Event, ...]]:
    statement = (
        select(EventRow)
        .where(EventRow.conversation_id.in_(conversation_ids), EventRow.seq > after_seq)
        .order_by(EventRow.conversation_id, EventRow.seq)
    )
    found: dict[str, list[Event]] = {conversation_id: [] for conversation_id in conversation_ids}
    for row in await session.scalars(statement):
        event = Event(
            conversation_id=row.conversation_id,
            seq=row.seq,
            type=event_type(row.type),
            at_ms=row.at_ms,
            epoch=row.epoch,
            data=row.data,
        )
        found[row.conversation_id].append(event)
    return {conversation_id: tuple(events) for conversation_id, events in found.items()}


def _record_of(row: ConversationRow) -> Record:
    return Record(
        conversation_id=row.id,
        customer_id=row.customer_id,
        state=row.state,
        epoch=row.epoch,
        language=row.language,
        page=row.page,
        handoff=row.handoff,
        started_ms=row.started_ms,
        requested_ms=row.requested_ms,
        assigned_ms=row.assigned_ms,
        closed_ms=row.closed_ms,
        last_at_ms=row.last_at_ms,
        last_seq=row.last_seq,
        agent_id=row.agent_id,
        agent_name=row.agent_name,
        disposition=row.disposition,
        stars=row.stars,
        comment=row.comment,
        site=row.site,
        team=row.team,
        priority=row.priority,
        tags=tuple(row.tags),
        customer_name=row.customer_name,
    )
