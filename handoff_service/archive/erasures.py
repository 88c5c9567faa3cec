"""Deletes customers from the history, and keeps nothing of them but that it was done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.learning.forgetting import forget_learned
from handoff_service.archive.models import (
    AttachmentRow,
    ConversationRow,
    ErasedRow,
    ErasureRow,
    Model,
)
from handoff_service.archive.report_pages import give_up_pages_of
from handoff_service.archive.traces import Traces, traces_of
from handoff_service.ids import new_id


@dataclass(frozen=True, slots=True)
class Erasure:
    """A wish that is not carried out yet."""

    erasure_id: str
    customer_id: str
    asked_ms: int
    traces: Traces


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What is known of a wish, carried out or not: nothing about the customer."""

    erasure_id: str
    asked_ms: int
    done_ms: int | None
    conversation_ids: tuple[str, ...]
    removed: dict[str, int]  #: place → things
    found: dict[str, Any]  #: `left` and `same_name`: table → rows
    unlearned_ms: int | None
    unlearned: dict[str, Any]


async def note_wish(
    database: Database,
    customer_id: str,
    *,
    customer_hash: str,
    conversation_ids: Sequence[str],
    proven: bool,
    actor: str,
    now_ms: int,
) -> Erasure:
    """Keep the wish, with the conversations it is about; an open one of the same customer goes on.

    Nothing of these conversations gets into the history from now on. `proven`: keep until it is
    carried out by what the customer is found. Raises ArchiveUnavailable.
    """
    traces = Traces()
    if proven:
        traces = await traces_of(database, customer_id, conversation_ids)
    async with database.session() as session:
        row = await session.scalar(
            select(ErasureRow).where(
                ErasureRow.customer_id == customer_id, ErasureRow.done_ms.is_(None)
            )
        )
        if row is None:
            row = ErasureRow(
                id=new_id("e"),
                customer_id=customer_id,
                customer_hash=customer_hash,
                asked_ms=now_ms,
                done_ms=None,
                traces=traces.to_json(),
                removed={},
                found={},
                unlearned={},
            )
            session.add(row)
            write_audit(
                session, actor=actor, action="customer.erase_asked", at_ms=now_ms, subject=row.id
            )
        elif proven and not Traces.from_json(row.traces).ids:
            row.traces = traces.to_json()
        if conversation_ids:
            await session.execute(
                database.insert(ErasedRow).on_conflict_do_nothing(),
                [_erased(name, row.id, now_ms) for name in conversation_ids],
            )
        return _open(row)


async def find_open(database: Database, *, asked_until_ms: int) -> list[Erasure]:
    """Return the wishes of that time or before that are not carried out."""
    statement = select(ErasureRow).where(
        ErasureRow.done_ms.is_(None), ErasureRow.asked_ms <= asked_until_ms
    )
    async with database.session() as session:
        return [_open(row) for row in await session.scalars(statement)]


async def conversations_of(database: Database, erasure: Erasure) -> list[str]:
    """Return every conversation that a wish is about."""
    async with database.session() as session:
        mine = select(ConversationRow.id).where(ConversationRow.customer_id == erasure.customer_id)
        told = select(ErasedRow.conversation_id).where(ErasedRow.erasure_id == erasure.erasure_id)
        return sorted({*await session.scalars(mine), *await session.scalars(told)})


async def conversation_ids_of(database: Database, customer_id: str) -> list[str]:
    """Return the conversations of a customer that the history knows, by id."""
    mine = select(ConversationRow.id).where(ConversationRow.customer_id == customer_id)
    async with database.session() as session:
        return sorted(await session.scalars(mine))


async def delete_history(
    database: Database, erasure: Erasure, conversation_ids: Sequence[str]
) -> None:
    """Delete all rows of these conversations and of the customer, in every table there is.

    The conversations are locked, made for that where the archiver has not come to them: so it
    either writes before this, and that is deleted, or finds them among the erased. What is known of
    files goes with the files.
    """
    async with database.session() as session:
        if conversation_ids:
            await give_up_pages_of(database, session, conversation_ids)
            await session.execute(
                database.insert(ConversationRow).on_conflict_do_nothing(),
                [{"id": name} for name in conversation_ids],
            )
            await session.execute(
                select(ConversationRow.id)
                .where(ConversationRow.id.in_(conversation_ids))
                .order_by(ConversationRow.id)
                .with_for_update()
            )
            await session.execute(
                database.insert(ErasedRow).on_conflict_do_nothing(),
                [_erased(name, erasure.erasure_id, erasure.asked_ms) for name in conversation_ids],
            )
        removed = await delete_rows(session, conversation_ids, customer_id=erasure.customer_id)
        await _add_removed(session, erasure, {f"sql.{name}": n for name, n in removed.items()})


async def delete_rows(
    session: AsyncSession, conversation_ids: Sequence[str], *, customer_id: str | None
) -> dict[str, int]:
    """Delete all rows of conversations, and of a customer, in every table; table → how many.

    What is known of files stays, it goes with the files.
    """
    removed = await forget_learned(session, conversation_ids)
    # Groups of phrases only show a turn; what they lose, `forget_learned` has taken.
    kept = {model.__tablename__ for model in (ErasureRow, ErasedRow, AttachmentRow)}
    kept.add("review_groups")
    for table in reversed(Model.metadata.sorted_tables):
        if table.name in kept:
            continue
        whose: list[ColumnElement[bool]] = []
        if table.name == ConversationRow.__tablename__:
            whose.append(table.c.id.in_(conversation_ids))
        if "conversation_id" in table.c:
            whose.append(table.c.conversation_id.in_(conversation_ids))
        if "customer_id" in table.c and customer_id is not None:
            whose.append(table.c.customer_id == customer_id)
        if whose:
            gone = await session.execute(delete(table).where(or_(*whose)))
            removed[table.name] = removed.get(table.name, 0) + gone.rowcount  # type: ignore[attr-defined]
    return removed


async def note_removed(database: Database, erasure: Erasure, removed: Mapping[str, int]) -> None:
    """Add to what was removed: place → things."""
    async with database.session() as session:
        await _add_removed(session, erasure, removed)


async def _add_removed(session: AsyncSession, erasure: Erasure, removed: Mapping[str, int]) -> None:
    row = await session.get(ErasureRow, erasure.erasure_id, with_for_update=True)
    if row is not None and (some := {name: n for name, n in removed.items() if n}):
        row.removed = row.removed | {
            name: int(row.removed.get(name, 0)) + n for name, n in some.items()
        }


async def note_done(
    database: Database, erasure: Erasure, *, found: dict[str, Any], now_ms: int
) -> None:
    """Note that it is done, and what a second look found; nothing says whose wish it was then."""
    async with database.session() as session:
        done = await session.execute(
            update(ErasureRow)
            .where(ErasureRow.id == erasure.erasure_id, ErasureRow.done_ms.is_(None))
            .values(done_ms=now_ms, customer_id="", traces={}, found=found)
        )
        if done.rowcount:  # type: ignore[attr-defined]  # an UPDATE's result has it
            write_audit(
                session,
                actor="service",
                action="customer.erased",
                at_ms=now_ms,
                subject=erasure.erasure_id,
            )


async def erasures_of(database: Database, customer_hash: str) -> list[Erased]:
    """Return every wish of a customer, the latest first. Raises ArchiveUnavailable."""
    statement = (
        select(ErasureRow)
        .where(ErasureRow.customer_hash == customer_hash)
        .order_by(ErasureRow.asked_ms.desc(), ErasureRow.id)
    )
    async with database.session() as session:
        return [await _told(session, row) for row in await session.scalars(statement)]


async def erased_since(database: Database, at_ms: int) -> bool:
    """Whether anybody was deleted since then. Raises ArchiveUnavailable."""
    async with database.session() as session:
        asked = select(ErasureRow.id).where(ErasureRow.done_ms >= at_ms).limit(1)
        return await session.scalar(asked) is not None


async def to_unlearn(database: Database) -> list[Erased]:
    """Return what is erased and perhaps still among what the bot has learned, oldest first."""
    statement = (
        select(ErasureRow)
        .where(ErasureRow.done_ms.is_not(None), ErasureRow.unlearned_ms.is_(None))
        .order_by(ErasureRow.asked_ms)
    )
    async with database.session() as session:
        return [await _told(session, row) for row in await session.scalars(statement)]


async def note_unlearned(
    database: Database, erasure_id: str, unlearned: dict[str, Any], *, now_ms: int | None
) -> None:
    """Note what was removed from what the bot has learned; `now_ms`: None as long as it goes on."""
    async with database.session() as session:
        await session.execute(
            update(ErasureRow)
            .where(ErasureRow.id == erasure_id)
            .values(unlearned_ms=now_ms, unlearned=unlearned)
        )


async def _told(session: AsyncSession, row: ErasureRow) -> Erased:
    ids = select(ErasedRow.conversation_id).where(ErasedRow.erasure_id == row.id)
    return Erased(
        erasure_id=row.id,
        asked_ms=row.asked_ms,
        done_ms=row.done_ms,
        conversation_ids=tuple(sorted(await session.scalars(ids))),
        removed=row.removed,
        found=row.found,
        unlearned_ms=row.unlearned_ms,
        unlearned=row.unlearned,
    )


def _open(row: ErasureRow) -> Erasure:
    return Erasure(row.id, row.customer_id, row.asked_ms, Traces.from_json(row.traces))


def _erased(conversation_id: str, erasure_id: str, at_ms: int) -> dict[str, str | int]:
    return {"conversation_id": conversation_id, "erasure_id": erasure_id, "at_ms": at_ms}
