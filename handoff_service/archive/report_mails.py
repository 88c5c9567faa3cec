"""Keeps which reports people want regularly by e-mail, and when the next of each is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, update

from handoff_service.archive.accounts import Role
from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.errors import ArchiveError
from handoff_service.archive.models import AccountRow
from handoff_service.archive.tables.report_mails import ReportMailRow
from handoff_service.ids import new_id
from handoff_service.reports.schedule import Every, next_due_ms

#: Regular reports that one person may have.
MOST = 20


class TooManyReportMails(ArchiveError):
    """A person has as many regular reports as one may have."""

    code = "too_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wants to be sent, and when."""

    recipient: str
    locale: str
    every: Every
    hour: int  #: 0 to 23
    tz: str
    filters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMail(Wish):
    """A regular report."""

    report_mail_id: str
    account_id: str
    sees_all: bool  #: else their own numbers only
    next_ms: int


async def add_report_mail(
    database: Database, wish: Wish, *, account_id: str, now_ms: int
) -> ReportMail:
    """Keep what somebody wants; the first is due at the next hour that they named.

    Raises:
        TooManyReportMails: they have MOST of them.
        ArchiveUnavailable: try again.
    """
    due_ms = next_due_ms(wish.every, hour=wish.hour, tz=ZoneInfo(wish.tz), after_ms=now_ms)
    async with database.session() as session:
        mine = select(func.count()).where(ReportMailRow.account_id == account_id)
        if (await session.scalar(mine) or 0) >= MOST:
            raise TooManyReportMails
        row = ReportMailRow(
            id=new_id("r"),
            account_id=account_id,
            recipient=wish.recipient,
            locale=wish.locale,
            every=wish.every.value,
            hour=wish.hour,
            tz=wish.tz,
            filters=list(wish.filters),
            created_ms=now_ms,
            next_ms=due_ms,
        )
        session.add(row)
        write_audit(
            session,
            actor=account_id,
            action="report.subscribed",
            at_ms=now_ms,
            subject=row.id,
            data={"recipient": wish.recipient, "every": wish.every.value},
        )
        role = await session.scalar(select(AccountRow.role).where(AccountRow.id == account_id))
    return _read(row, role or Role.AGENT)


async def list_report_mails(database: Database, *, account_id: str) -> Sequence[ReportMail]:
    """Return what a person is sent, the first made first. Raises ArchiveUnavailable."""
    statement = (
        select(ReportMailRow, AccountRow.role)
        .join(AccountRow, AccountRow.id == ReportMailRow.account_id)
        .where(ReportMailRow.account_id == account_id)
        .order_by(ReportMailRow.created_ms, ReportMailRow.id)
    )
    async with database.session() as session:
        return [_read(*found) for found in await session.execute(statement)]


async def remove_report_mail(database: Database, report_mail_id: str, *, account_id: str) -> bool:
    """Send it no more; False: this person has none of that id. Raises ArchiveUnavailable."""
    statement = delete(ReportMailRow).where(
        ReportMailRow.id == report_mail_id, ReportMailRow.account_id == account_id
    )
    async with database.session() as session:
        done = await session.execute(statement)
        return bool(done.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


async def due_report_mails(database: Database, *, now_ms: int, count: int) -> Sequence[ReportMail]:
    """Return those that are due, of people who may still sign in. Raises ArchiveUnavailable."""
    statement = (
        select(ReportMailRow, AccountRow.role)
        .join(AccountRow, AccountRow.id == ReportMailRow.account_id)
        .where(ReportMailRow.next_ms <= now_ms, AccountRow.disabled_ms.is_(None))
        .order_by(ReportMailRow.next_ms)
        .limit(count)
    )
    async with database.session() as session:
        return [_read(*found) for found in await session.execute(statement)]


async def put_on(database: Database, mail: ReportMail, *, now_ms: int) -> None:
    """Note that it was sent: the next is due later than now, what was missed is not sent again."""
    next_ms = next_due_ms(mail.every, hour=mail.hour, tz=ZoneInfo(mail.tz), after_ms=now_ms)
    statement = (
        update(ReportMailRow)
        .where(ReportMailRow.id == mail.report_mail_id, ReportMailRow.next_ms == mail.next_ms)
        .values(next_ms=next_ms)
    )
    async with database.session() as session:
        await session.execute(statement)


def _read(row: ReportMailRow, role: str) -> ReportMail:
    return ReportMail(
        report_mail_id=row.id,
        account_id=row.account_id,
        sees_all=Role(role).sees_all,
        recipient=row.recipient,
        locale=row.locale,
        every=Every(row.every),
        hour=row.hour,
        tz=row.tz,
        filters=tuple(row.filters),
        next_ms=row.next_ms,
    )
