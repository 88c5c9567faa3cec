"""Keeps which nights old data was let go in, and sees to it that one replica does it."""

from dataclasses import dataclass

from sqlalchemy import or_, select, update

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.tables.retention import NightRow

#: Who works says so after each batch; longer silent than this, and another goes on, in ms.
LEASE_MS = 120_000


@dataclass(frozen=True, slots=True)
class Night:
    """What went in one night."""

    day: str
    started_ms: int
    ended_ms: int | None  #: None: it goes on, or goes on in another replica
    removed: dict[str, int]


async def claim_night(database: Database, day: str, *, holder: str, now_ms: int) -> bool:
    """Begin a night, or go on with one that its replica left; whether it is ours."""
    row = NightRow
    async with database.session() as session:
        await session.execute(
            database.insert(row).on_conflict_do_nothing(),
            [
                {
                    "day": day, "holder": "", "until_ms": 0, "started_ms": now_ms,
                    "ended_ms": None, "removed": {},
                }
            ],
        )  # fmt: skip
        mine = (
            update(row)
            .where(
                row.day == day,
                row.ended_ms.is_(None),
                or_(row.holder == holder, row.until_ms < now_ms),
            )
            .values(holder=holder, until_ms=now_ms + LEASE_MS)
        )
        return bool((await session.execute(mine)).rowcount)  # type: ignore[attr-defined]


async def note_gone(
    database: Database, day: str, *, holder: str, kind: str, count: int, now_ms: int
) -> bool:
    """Add to what went, and stay the one who works; False: another does."""
    async with database.session() as session:
        row = await session.get(NightRow, day, with_for_update=True)
        if row is None or row.holder != holder:
            return False
        row.until_ms = now_ms + LEASE_MS
        if count:
            row.removed = row.removed | {kind: int(row.removed.get(kind, 0)) + count}
        return True


async def end_night(database: Database, day: str, *, now_ms: int) -> Night:
    """Note that all of it is done; what went gets into the audit trail."""
    async with database.session() as session:
        row = await session.get_one(NightRow, day, with_for_update=True)
        row.ended_ms = now_ms
        if row.removed:
            write_audit(
                session,
                actor="service",
                action="retention.done",
                at_ms=now_ms,
                subject=day,
                data=dict(row.removed),
            )
        return _read(row)


async def last_nights(database: Database, *, limit: int) -> list[Night]:
    """Return what went, the latest night first. Raises ArchiveUnavailable."""
    statement = select(NightRow).order_by(NightRow.day.desc()).limit(limit)
    async with database.session() as session:
        return [_read(row) for row in await session.scalars(statement)]


def _read(row: NightRow) -> Night:
    return Night(row.day, row.started_ms, row.ended_ms, dict(row.removed))
