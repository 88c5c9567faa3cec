"""Keeps the notices of known problems; each change stands in the audit trail."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.models import NoticeRow
from handoff_service.ids import new_notice_id
from handoff_service.notices import MOST_STANDING, NewNotice, Notice, NoticeInvalid, Words

#: So many of those that are over are listed: the latest.
PAST_LISTED = 50


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something, and from where."""

    name: str  #: an account id, or "operator"
    origin: str = ""  #: an address


async def publish_notice(
    database: Database, wanted: NewNotice, *, actor: Actor, now_ms: int
) -> Notice:
    """Publish a notice.

    Raises:
        NoticeInvalid: as many as may be shown at a time are there already.
        ArchiveUnavailable: the database does not answer.
    """
    async with database.session() as session:
        rows = await session.scalars(select(NoticeRow).where(NoticeRow.withdrawn_ms.is_(None)))
        if sum(not _notice(row).is_over(now_ms) for row in rows) >= MOST_STANDING:
            raise NoticeInvalid("notices", f"{MOST_STANDING} at most; withdraw one first")
        row = NoticeRow(
            id=new_notice_id(),
            version=1,
            author=actor.name,
            published_ms=now_ms,
            **_columns(wanted),
        )
        session.add(row)
        write_audit(
            session,
            actor=actor.name,
            origin=actor.origin,
            action="notice.published",
            subject=row.id,
            at_ms=now_ms,
            data=_columns(wanted),
        )
        return _notice(row)


async def change_notice(
    database: Database, notice_id: str, wanted: NewNotice, *, actor: Actor, now_ms: int
) -> Notice | None:
    """Say a notice in other words, or for another time; None when there is none to change.

    A `from_ms` of 0 leaves its beginning as it is.

    Raises:
        ArchiveUnavailable: the database does not answer.
    """
    async with database.session() as session:
        row = await session.get(NoticeRow, notice_id, with_for_update=True)
        if row is None or row.withdrawn_ms is not None:
            return None
        row.version += 1
        columns = _columns(wanted)
        if not wanted.from_ms:
            columns["from_ms"] = row.from_ms
        for name, value in columns.items():
            setattr(row, name, value)
        write_audit(
            session,
            actor=actor.name,
            origin=actor.origin,
            action="notice.changed",
            subject=notice_id,
            at_ms=now_ms,
            data=columns,
        )
        return _notice(row)


async def withdraw_notice(
    database: Database, notice_id: str, *, actor: Actor, now_ms: int
) -> Notice | None:
    """Take a notice back, once; None when there is no such notice.

    Raises:
        ArchiveUnavailable: the database does not answer.
    """
    async with database.session() as session:
        row = await session.get(NoticeRow, notice_id, with_for_update=True)
        if row is None:
            return None
        if row.withdrawn_ms is None:
            row.withdrawn_ms = now_ms
            write_audit(
                session,
                actor=actor.name,
                origin=actor.origin,
                action="notice.withdrawn",
                subject=notice_id,
                at_ms=now_ms,
            )
        return _notice(row)


async def open_notices(database: Database, *, now_ms: int) -> Sequence[Notice]:
    """Return those that stand or will, the latest first. Raises ArchiveUnavailable."""
    query = select(NoticeRow).where(NoticeRow.withdrawn_ms.is_(None)).order_by(_LATEST_FIRST)
    async with database.session() as session:
        notices = [_notice(row) for row in await session.scalars(query)]
    return [notice for notice in notices if not notice.is_over(now_ms)]


async def list_notices(database: Database) -> Sequence[Notice]:
    """Return all, the latest first; of many the latest only. Raises ArchiveUnavailable."""
    query = select(NoticeRow).order_by(_LATEST_FIRST).limit(MOST_STANDING + PAST_LISTED)
    async with database.session() as session:
        return [_notice(row) for row in await session.scalars(query)]


_LATEST_FIRST = NoticeRow.published_ms.desc()


def _columns(wanted: NewNotice) -> dict[str, object]:
    return {
        "texts": {locale: asdict(words) for locale, words in wanted.words.items()},
        "questions": list(wanted.questions),
        "url": wanted.url,
        "from_ms": wanted.from_ms,
        "until_ms": wanted.until_ms,
    }


def _notice(row: NoticeRow) -> Notice:
    return Notice(
        {locale: Words(**said) for locale, said in row.texts.items()},
        tuple(row.questions),
        row.url,
        row.from_ms,
        row.until_ms,
        notice_id=row.id,
        version=row.version,
        author=row.author,
        published_ms=row.published_ms,
        withdrawn_ms=row.withdrawn_ms,
    )
