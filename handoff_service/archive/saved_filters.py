"""Views of the inbox that people saved."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, or_, select

from handoff_service.archive.accounts import Account
from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.tables.inbox import SavedFilterRow
from handoff_service.ids import new_id

#: One account may save so many.
MOST_FILTERS = 50


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """One of them; `asks` is the query of the inbox without a place in it."""

    filter_id: str
    account_id: str
    name: str
    asks: dict[str, Any]
    shared: bool


class TooManyFilters(Exception):
    """This account has saved as many as it may."""


async def list_filters(database: Database, account: Account) -> list[SavedFilter]:
    """Return an account's own and all shared ones, by name. Raises ArchiveUnavailable."""
    row = SavedFilterRow
    statement = select(row).where(or_(row.account_id == account.account_id, row.shared))
    async with database.session() as session:
        found = await session.scalars(statement.order_by(row.name, row.id))
        return [_filter(saved) for saved in found]


async def save_filter(
    database: Database,
    account: Account,
    *,
    name: str,
    asks: dict[str, Any],
    shared: bool,
    now_ms: int,
    filter_id: str | None = None,
) -> SavedFilter | None:
    """Save a filter, a new one unless an id is given; None when the account has no such one.

    Raises:
        TooManyFilters: they have saved as many as they may.
        ArchiveUnavailable: the database is away.
    """
    row = SavedFilterRow
    async with database.session() as session:
        if filter_id is None:
            own = select(func.count()).where(row.account_id == account.account_id)
            if (await session.scalar(own) or 0) >= MOST_FILTERS:
                raise TooManyFilters
            saved = row(id=new_id("v"), account_id=account.account_id, shared=False)
            session.add(saved)
        else:
            found = await session.get(row, filter_id)
            if found is None or found.account_id != account.account_id:
                return None
            saved = found
        if saved.shared or shared:
            _note(session, account, "inbox.filter_shared", saved.id, name, now_ms)
        saved.name, saved.asks, saved.shared, saved.changed_ms = name, asks, shared, now_ms
        return _filter(saved)


async def delete_filter(
    database: Database, account: Account, filter_id: str, *, now_ms: int
) -> bool:
    """Delete a filter of an account's own; return whether there was one."""
    row = SavedFilterRow
    async with database.session() as session:
        found = await session.get(row, filter_id)
        if found is None or found.account_id != account.account_id:
            return False
        if found.shared:
            _note(session, account, "inbox.filter_deleted", filter_id, found.name, now_ms)
        await session.execute(delete(row).where(row.id == filter_id))
        return True


def _note(session: Any, account: Account, action: str, subject: str, name: str, at_ms: int) -> None:
    """Keep who changed what everybody sees."""
    write_audit(
        session,
        actor=account.account_id,
        action=action,
        at_ms=at_ms,
        subject=subject,
        data={"name": name},
    )


def _filter(row: SavedFilterRow) -> SavedFilter:
    return SavedFilter(row.id, row.account_id, row.name, row.asks, row.shared)
