"""Reads the audit trail: who did what, when, from where. Nothing here changes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow, AuditRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines; None and "": any."""

    actor: str = ""
    #: A whole action, or its area: `account` for `account.invited` and all the others.
    action: str = ""
    subject: str = ""
    from_ms: int | None = None
    to_ms: int | None = None
    #: Time and id of the last line that was seen.
    before: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One thing that somebody did."""

    id: str
    at_ms: int
    actor: str
    actor_name: str  #: "" for who is no account
    origin: str
    action: str
    subject: str
    subject_name: str
    data: dict[str, Any]


async def read_trail(database: Database, wanted: Wanted, *, limit: int) -> Sequence[TrailLine]:
    """Return the lines that are wanted, the latest first."""
    asked = (
        select(AuditRow)
        .where(*_conditions(wanted))
        .order_by(AuditRow.at_ms.desc(), AuditRow.id.desc())
        .limit(limit)
    )
    async with database.session() as session:
        rows = list(await session.scalars(asked))
        ids = {row.actor for row in rows} | {row.subject for row in rows}
        named = select(AccountRow.id, AccountRow.name).where(AccountRow.id.in_(ids))
        names = {row.id: row.name for row in await session.execute(named)}
    return [
        TrailLine(
            id=row.id,
            at_ms=row.at_ms,
            actor=row.actor,
            actor_name=names.get(row.actor, ""),
            origin=row.origin,
            action=row.action,
            subject=row.subject,
            subject_name=names.get(row.subject, ""),
            data=row.data,
        )
        for row in rows
    ]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.actor:
        found.append(AuditRow.actor == wanted.actor)
    if wanted.action:
        of_area = AuditRow.action.startswith(f"{wanted.action}.", autoescape=True)
        found.append(or_(AuditRow.action == wanted.action, of_area))
    if wanted.subject:
        found.append(AuditRow.subject == wanted.subject)
    if wanted.from_ms is not None:
        found.append(AuditRow.at_ms >= wanted.from_ms)
    if wanted.to_ms is not None:
        found.append(AuditRow.at_ms < wanted.to_ms)
    if wanted.before is not None:
        at_ms, row_id = wanted.before
        found.append(
            or_(AuditRow.at_ms < at_ms, and_(AuditRow.at_ms == at_ms, AuditRow.id < row_id))
        )
    return found
