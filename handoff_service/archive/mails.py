"""E-mails in the database: queued, taken up by one sender, sent or given up."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.database import Database
from handoff_service.archive.models import ConversationRow, EventRow, MailRow
from handoff_service.document import Document
from handoff_service.domain import Author, Event, EventType, event_type
from handoff_service.edits import as_edited
from handoff_service.ids import new_id


class MailKind(StrEnum):
    """What an e-mail is for."""

    ANSWER = "answer"  #: an agent answered who is not there
    TRANSCRIPT = "transcript"  #: the customer wants the conversation
    REPORT = "report"  #: the numbers of a time, for those who asked for them regularly


class MailState(StrEnum):
    """How far an e-mail is."""

    SETTLING = "settling"  #: an answer that may yet be read in the chat; not written
    QUEUED = "queued"  #: written, to be sent
    SENT = "sent"
    DROPPED = "dropped"  #: not needed: it was read in the chat
    DEAD = "dead"  #: given up; `baton mail retry` tries again


#: After so many tries it is no passing trouble of the mail server.
MANY_TRIES = 3
#: States in which something is to be done.
OPEN = (MailState.SETTLING, MailState.QUEUED)


@dataclass(frozen=True, slots=True)
class Mail:
    """One e-mail, as it stands."""

    mail_id: str
    kind: MailKind
    conversation_id: str
    recipient: str
    state: MailState
    created_ms: int
    due_ms: int
    tries: int
    content: dict[str, Any]
    problem: str
    sent_ms: int | None

    def to_json(self) -> dict[str, Any]:
        """Return what an operator is shown: who and why, never what it says."""
        shown = ("mail_id", "kind", "conversation_id", "recipient", "state", "created_ms")
        more = ("due_ms", "tries", "problem", "sent_ms")
        return {name: getattr(self, name) for name in (*shown, *more)}


def settling_answer(
    conversation_id: str, address: str, *, now_ms: int, due_ms: int
) -> dict[str, Any]:
    """Return the row of an e-mail about an agent's answer: one each, until it is written."""
    return _values(
        cause=f"{MailKind.ANSWER}:{conversation_id}",
        kind=MailKind.ANSWER,
        conversation_id=conversation_id,
        recipient=address,
        state=MailState.SETTLING,
        now_ms=now_ms,
        due_ms=due_ms,
    )


async def queue_mail(
    database: Database,
    document: Document,
    *,
    kind: MailKind,
    cause: str,
    conversation_id: str,
    recipient: str,
    now_ms: int,
) -> None:
    """Queue a written e-mail, once for each `cause`. Raises ArchiveUnavailable."""
    row = _values(
        cause=cause,
        kind=kind,
        conversation_id=conversation_id,
        recipient=recipient,
        state=MailState.QUEUED,
        now_ms=now_ms,
        due_ms=now_ms,
    ) | {"content": document.to_json()}
    async with database.session() as session:
        await session.execute(database.insert(MailRow).on_conflict_do_nothing(), [row])


async def take_due(database: Database, *, now_ms: int, lease_ms: int, count: int) -> list[Mail]:
    """Take up what is due, for `lease_ms`: no other sender gets it meanwhile.

    The time at which it is due is the lease: whoever changes it first has the e-mail, and who
    dies with it gives it back when the time is over.
    """
    taken: list[Mail] = []
    async with database.session() as session:
        statement = (
            select(MailRow)
            .where(MailRow.state.in_(OPEN), MailRow.due_ms <= now_ms)
            .order_by(MailRow.due_ms)
            .limit(count)
        )
        for row in (await session.scalars(statement)).all():
            mine = await session.execute(
                update(MailRow)
                .where(
                    MailRow.id == row.id, MailRow.due_ms == row.due_ms, MailRow.state == row.state
                )
                .values(due_ms=now_ms + lease_ms)
                .execution_options(synchronize_session=False)
            )
            if mine.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
                taken.append(_mail_of(row))
    return taken


@dataclass(frozen=True, slots=True)
class TranscriptCounts:
    """How many transcripts were sent in a time."""

    conversation: int
    recipient: int
    all: int


async def count_transcripts(
    database: Database, conversation_id: str, *, recipient: str, since_ms: int
) -> TranscriptCounts:
    """Count the transcripts asked for since a time: of a conversation, to an address, of all."""
    statement = select(
        func.count().filter(MailRow.conversation_id == conversation_id),
        func.count().filter(func.lower(MailRow.recipient) == recipient.lower()),
        func.count(),
    ).where(MailRow.kind == MailKind.TRANSCRIPT.value, MailRow.created_ms >= since_ms)
    async with database.session() as session:
        return TranscriptCounts(*(await session.execute(statement)).one())


async def next_due_ms(database: Database) -> int | None:
    """Return when the next e-mail is due; None: nothing is open."""
    statement = select(func.min(MailRow.due_ms)).where(MailRow.state.in_(OPEN))
    async with database.session() as session:
        due: int | None = await session.scalar(statement)
    return due


async def unsent_answers(
    session: AsyncSession, conversation_id: str, *, seen_seq: int
) -> tuple[Event, ...]:
    """Return the messages of agents that were neither seen nor sent, as they were last edited.

    The conversation is locked until the transaction ends: what the archiver writes later finds
    this e-mail written, and asks for another one.
    """
    await session.scalar(
        select(ConversationRow.id).where(ConversationRow.id == conversation_id).with_for_update()
    )
    sent: int | None = await session.scalar(
        select(func.max(MailRow.upto_seq)).where(
            MailRow.conversation_id == conversation_id, MailRow.kind == MailKind.ANSWER.value
        )
    )
    rows = await session.scalars(
        select(EventRow)
        .where(
            EventRow.conversation_id == conversation_id,
            EventRow.seq > max(seen_seq, sent or 0),
            or_(
                and_(
                    EventRow.type == EventType.MESSAGE_POSTED.value,
                    EventRow.data["author"].as_string() == Author.AGENT.value,
                ),
                EventRow.type == EventType.MESSAGE_EDITED.value,
            ),
        )
        .order_by(EventRow.seq)
    )
    return tuple(
        as_edited(
            [
                Event(
                    row.conversation_id,
                    row.seq,
                    event_type(row.type),
                    row.at_ms,
                    row.epoch,
                    row.data,
                )
                for row in rows
            ]
        )
    )


async def write_mail(
    session: AsyncSession, mail: Mail, document: Document, *, upto_seq: int, now_ms: int
) -> None:
    """Put into a settling e-mail what it says; from now on another answer asks for another one."""
    await _change(
        session,
        mail.mail_id,
        cause=f"{MailKind.ANSWER}:{mail.conversation_id}:{upto_seq}",
        content=document.to_json(),
        upto_seq=upto_seq,
        state=MailState.QUEUED.value,
        due_ms=now_ms,
    )


async def drop_mail(session: AsyncSession, mail: Mail) -> None:
    """Send nothing: what it should tell was read."""
    await _change(
        session,
        mail.mail_id,
        cause=f"{MailKind.ANSWER}:{mail.conversation_id}:-{mail.mail_id}",
        state=MailState.DROPPED.value,
    )


async def note_sent(database: Database, mail: Mail, *, now_ms: int) -> None:
    """Note that the mail server has it; what it says is not kept."""
    async with database.session() as session:
        await _change(
            session,
            mail.mail_id,
            state=MailState.SENT.value,
            tries=mail.tries + 1,
            sent_ms=now_ms,
            content={},
            problem="",
        )


async def note_failed(
    database: Database, mail: Mail, *, problem: str, again_ms: int | None
) -> None:
    """Note why it was not taken, and when to try again; None: never by itself."""
    dead = {"state": MailState.DEAD.value} if again_ms is None else {"due_ms": again_ms}
    async with database.session() as session:
        await _change(session, mail.mail_id, tries=mail.tries + 1, problem=problem, **dead)


async def list_mails(database: Database, *, state: MailState | None, limit: int) -> list[Mail]:
    """Return e-mails, the latest first."""
    statement = select(MailRow).order_by(MailRow.created_ms.desc()).limit(limit)
    if state is not None:
        statement = statement.where(MailRow.state == state.value)
    async with database.session() as session:
        return [_mail_of(row) for row in await session.scalars(statement)]


async def mail_trouble(database: Database) -> str:
    """Return what keeps e-mails from being sent, for the operator; "" when nothing does."""
    dead = select(func.count()).where(MailRow.state == MailState.DEAD.value)
    late = (
        select(MailRow.problem)
        .where(MailRow.state == MailState.QUEUED.value, MailRow.tries >= MANY_TRIES)
        .limit(1)
    )
    async with database.session() as session:
        count, problem = await session.scalar(dead), await session.scalar(late)
    if problem:
        return f"e-mails are not taken ({problem}): look at BATON_SMTP_URL; `baton mail show`"
    return f"{count} e-mails were given up: `baton mail show --state dead`" if count else ""


async def retry_dead(database: Database, *, now_ms: int) -> int:
    """Queue again what was given up; return how many."""
    async with database.session() as session:
        done = await session.execute(
            update(MailRow)
            .where(MailRow.state == MailState.DEAD.value)
            .values(state=MailState.QUEUED.value, due_ms=now_ms, tries=0)
        )
        return int(done.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def _values(
    *,
    cause: str,
    kind: MailKind,
    conversation_id: str,
    recipient: str,
    state: MailState,
    now_ms: int,
    due_ms: int,
) -> dict[str, Any]:
    return {
        "id": new_id("m"),
        "cause": cause,
        "kind": kind.value,
        "conversation_id": conversation_id,
        "recipient": recipient,
        "state": state.value,
        "created_ms": now_ms,
        "due_ms": due_ms,
        "tries": 0,
        "upto_seq": 0,
        "content": {},
        "problem": "",
    }


async def _change(session: AsyncSession, mail_id: str, **values: Any) -> None:
    await session.execute(
        update(MailRow)
        .where(MailRow.id == mail_id)
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _mail_of(row: MailRow) -> Mail:
    return Mail(
        mail_id=row.id,
        kind=MailKind(row.kind),
        conversation_id=row.conversation_id,
        recipient=row.recipient,
        state=MailState(row.state),
        created_ms=row.created_ms,
        due_ms=row.due_ms,
        tries=row.tries,
        content=row.content,
        problem=row.problem,
        sent_ms=row.sent_ms,
    )
