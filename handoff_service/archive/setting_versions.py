"""Keeps what people set, version by version: nothing is overwritten, so all can come back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.tables.setting_versions import SettingVersionRow
from handoff_service.domain import Json

#: Author of what stood in the file before anybody saved.
FILE = "file"
#: Longest remark on a version, in characters.
LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What was set in an area, when and by whom."""

    area: str
    version: int
    at_ms: int
    author: str
    note: str
    document: Json
    text: str = ""  #: the YAML it was written as; "": a form made the document
    restored: int | None = None  #: which version this one brought back


class StaleVersion(ArchiveError):
    """Somebody else has saved since the version that a change was made from."""

    code = "stale_version"

    def __init__(self, area: str, current: Version | None) -> None:
        """Keep what holds now; None: nothing was ever saved."""
        self.area, self.current = area, current
        number = current.version if current else 0
        super().__init__(f"{area}: version {number} holds now; look at it, then save again")


async def current(database: Database, area: str) -> Version | None:
    """Return what holds in an area; None until somebody saves. Raises ArchiveUnavailable."""
    async with database.session() as session:
        return await _current(session, area)


async def current_numbers(database: Database) -> dict[str, int]:
    """Return the number of the version that holds, by area. Raises ArchiveUnavailable."""
    row = SettingVersionRow
    query = select(row.area, func.max(row.version)).group_by(row.area)
    async with database.session() as session:
        return {found[0]: found[1] for found in await session.execute(query)}


async def find_version(database: Database, area: str, number: int) -> Version | None:
    """Return one version; None: there is none of this number. Raises ArchiveUnavailable."""
    async with database.session() as session:
        row = await session.get(SettingVersionRow, (area, number))
        return None if row is None else _version(row)


async def history(
    database: Database, area: str, limit: int, *, before: int | None = None
) -> Sequence[Version]:
    """Return the versions of an area, the latest first; those below `before`, if that is given.

    Raises:
        ArchiveUnavailable: the database does not answer.
    """
    query = _latest_first(area).limit(limit)
    if before is not None:
        query = query.where(SettingVersionRow.version < before)
    async with database.session() as session:
        return [_version(row) for row in await session.scalars(query)]


async def save(
    database: Database,
    area: str,
    document: Json,
    *,
    base: int,
    author: str,
    now_ms: int,
    note: str = "",
    text: str = "",
    restored: int | None = None,
    first: tuple[Json, str] | None = None,
    origin: str = "",
) -> Version:
    """Save a new version; the audit trail says so in the same transaction.

    Args:
        database: The history.
        area: Which settings.
        document: What is to hold; whoever calls has made sure that it can be used.
        base: The version that the change was made from; 0 when nothing was ever saved.
        author: An account id, or "operator".
        now_ms: The time.
        note: Why, in the author's words.
        text: The YAML that the document was read from, "" if there is none.
        restored: Which version is brought back.
        first: What stood before anybody saved, as document and text: it becomes version 1, so
            that it can come back as well.
        origin: The author's address.

    Raises:
        StaleVersion: `base` does not hold any more; carries what does.
        ArchiveUnavailable: the database does not answer.
    """
    number = base + 1
    rows = [_row(area, number, document, author=author, note=note, text=text, restored=restored)]
    if base == 0 and first is not None:
        rows.insert(0, _row(area, 1, first[0], author=FILE, text=first[1]))
        rows[1]["version"] = number = 2
    version = Version(
        area=area,
        version=number,
        at_ms=now_ms,
        author=author,
        note=note,
        document=document,
        text=text,
        restored=restored,
    )
    try:
        async with database.session() as session:
            # Write first, then look: two who save at once meet at the primary key.
            stored = [await _insert(database, session, row | {"at_ms": now_ms}) for row in rows]
            if not all(stored) or not await _is_known(session, area, base):
                raise _Overtaken
            write_audit(
                session,
                actor=author,
                origin=origin,
                action="settings.saved" if restored is None else "settings.restored",
                subject=area,
                at_ms=now_ms,
                data={"version": number, "note": note, "restored": restored},
            )
    except _Overtaken:
        raise StaleVersion(area, await current(database, area)) from None
    return version


class _Overtaken(Exception):
    """Takes the transaction back."""


async def _is_known(session: AsyncSession, area: str, base: int) -> bool:
    return base == 0 or await session.get(SettingVersionRow, (area, base)) is not None


async def _insert(database: Database, session: AsyncSession, row: Json) -> bool:
    statement = database.insert(SettingVersionRow).on_conflict_do_nothing().values(**row)
    done = await session.execute(statement)
    return bool(done.rowcount)  # type: ignore[attr-defined]  # an INSERT's result has it


def _row(
    area: str,
    number: int,
    document: Json,
    *,
    author: str,
    text: str,
    note: str = "",
    restored: int | None = None,
) -> Json:
    return {
        "area": area,
        "version": number,
        "author": author,
        "note": note,
        "document": document,
        "text": text,
        "restored": restored,
    }


async def _current(session: AsyncSession, area: str) -> Version | None:
    row = await session.scalar(_latest_first(area).limit(1))
    return None if row is None else _version(row)


def _latest_first(area: str) -> Select[SettingVersionRow]:
    row = SettingVersionRow
    return select(row).where(row.area == area).order_by(row.version.desc())


def _version(row: SettingVersionRow) -> Version:
    return Version(
        area=row.area,
        version=row.version,
        at_ms=row.at_ms,
        author=row.author,
        note=row.note,
        document=row.document,
        text=row.text,
        restored=row.restored,
    )
