"""Counts and deletes rows whose time has come, so many at a time."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Table, and_, delete, func, inspect, select, tuple_, update
from sqlalchemy.orm import aliased

from handoff_service.archive.database import Database
from handoff_service.archive.erasures import delete_rows
from handoff_service.archive.learning.forgetting import forget_turns
from handoff_service.archive.mails import MailState
from handoff_service.archive.models import (
    AttachmentRow,
    AuditRow,
    ConversationRow,
    MailRow,
    Model,
)
from handoff_service.archive.report_pages import give_up_pages_of
from handoff_service.archive.tables.learn_turns import LearnTurnRow
from handoff_service.archive.tables.presence import PresenceRow
from handoff_service.archive.tables.retention import AuditMarkRow
from handoff_service.domain import State

#: What `audit_mark` has its one row under.
THE_ONE = 1
ENDED_MAILS = (MailState.SENT.value, MailState.DROPPED.value, MailState.DEAD.value)


async def count_rows(database: Database, model: type[Model], old: ColumnElement[bool]) -> int:
    """Count what would go. Raises ArchiveUnavailable."""
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(model).where(old)) or 0


async def delete_some(
    database: Database, model: type[Model], old: ColumnElement[bool], *, limit: int
) -> int:
    """Delete some of what is old; return how many rows. Raises ArchiveUnavailable."""
    keys = list(inspect(model).primary_key)
    async with database.session() as session:
        some = (await session.execute(select(*keys).where(old).limit(limit))).all()
        if some:
            await session.execute(delete(model).where(tuple_(*keys).in_([tuple(r) for r in some])))
        return len(some)


def old_talks(before_ms: int) -> ColumnElement[bool]:
    """Conversations that were closed before that and nobody came back to."""
    row = ConversationRow
    return and_(row.state == State.CLOSED.value, row.closed_ms < before_ms)


def old_mails(before_ms: int) -> ColumnElement[bool]:
    """E-mails that were made before that and are done with."""
    return and_(MailRow.created_ms < before_ms, MailRow.state.in_(ENDED_MAILS))


def old_presence(before_ms: int) -> ColumnElement[bool]:
    """Changes of presence, but for the last one before that: it tells how the time after began."""
    later = aliased(PresenceRow)
    followed = (
        select(later.agent_id)
        .where(
            later.agent_id == PresenceRow.agent_id,
            later.at_ms > PresenceRow.at_ms,
            later.at_ms <= before_ms,
        )
        .exists()
    )
    return and_(PresenceRow.at_ms < before_ms, followed)


def old_audit(before_ms: int) -> ColumnElement[bool]:
    """Lines of the audit trail of before that."""
    return AuditRow.at_ms < before_ms


def old_turns(before_ms: int) -> ColumnElement[bool]:
    """Turns of before that."""
    return LearnTurnRow.at_ms < before_ms


def old_files(before_ms: int) -> ColumnElement[bool]:
    """Files of before that, of conversations that are closed or gone."""
    closed = select(ConversationRow.id).where(
        ConversationRow.id == AttachmentRow.conversation_id,
        ConversationRow.state != State.CLOSED.value,
    )
    return and_(AttachmentRow.at_ms < before_ms, ~closed.exists())


async def find_talks(database: Database, before_ms: int, *, limit: int) -> Sequence[str]:
    """Return some conversations that were closed before that, the oldest first."""
    asked = (
        select(ConversationRow.id)
        .where(old_talks(before_ms))
        .order_by(ConversationRow.closed_ms)
        .limit(limit)
    )
    async with database.session() as session:
        return list(await session.scalars(asked))


async def delete_talks(database: Database, ids: Sequence[str], *, before_ms: int) -> int:
    """Delete conversations with every row about them, if they are still closed since then.

    Returns how many conversations went.
    """
    async with database.session() as session:
        await give_up_pages_of(database, session, ids)
        locked = (
            select(ConversationRow.id)
            .where(ConversationRow.id.in_(ids), old_talks(before_ms))
            .order_by(ConversationRow.id)
            .with_for_update()
        )
        still = list(await session.scalars(locked))
        if still:
            await delete_rows(session, still, customer_id=None)
        return len(still)


async def find_files(database: Database, before_ms: int, *, limit: int) -> list[AttachmentRow]:
    """Return some files whose time has come."""
    async with database.session() as session:
        asked = select(AttachmentRow).where(old_files(before_ms)).limit(limit)
        return list(await session.scalars(asked))


async def delete_turns(database: Database, before_ms: int, *, limit: int) -> int:
    """Delete some turns of before that, and the phrases that nobody said since."""
    asked = (
        select(LearnTurnRow.conversation_id, LearnTurnRow.seq)
        .where(old_turns(before_ms))
        .limit(limit)
    )
    async with database.session() as session:
        some = [(row.conversation_id, row.seq) for row in await session.execute(asked)]
        await forget_turns(session, some)
        return len(some)


async def count_reports(database: Database, before_ms: int) -> int:
    """Count old reports that still quote what was said."""
    table = Model.metadata.tables.get("learn_candidates")
    if table is None:
        return 0
    async with database.session() as session:
        asked = select(func.count()).select_from(table).where(_old_reports(table, before_ms))
        return await session.scalar(asked) or 0


async def empty_reports(database: Database, before_ms: int) -> int:
    """Empty old reports: that there was a candidate and why it was refused stays."""
    table = Model.metadata.tables.get("learn_candidates")
    if table is None:
        return 0
    emptied = update(table).where(_old_reports(table, before_ms)).values(report={}, page="")
    async with database.session() as session:
        return int((await session.execute(emptied)).rowcount)  # type: ignore[attr-defined]


def _old_reports(table: Table, before_ms: int) -> ColumnElement[bool]:
    """Of candidates that do not serve and are not looked at now."""
    ended = table.c.state.in_(("passed", "refused", "retired", "failed"))
    return and_(table.c.created_ms < before_ms, ended, table.c.page != "")


async def allow_audit(database: Database, before_ms: int) -> None:
    """Let lines of the audit trail of before that be deleted: the database refuses all others."""
    insert = database.insert(AuditMarkRow)
    async with database.session() as session:
        await session.execute(
            insert.on_conflict_do_update(
                index_elements=["id"], set_={"upto_ms": insert.excluded.upto_ms}
            ),
            [{"id": THE_ONE, "upto_ms": before_ms}],
        )
