"""The first step of signing in: a password, checked and counted; and tickets for the second."""

import secrets
from dataclasses import dataclass

from sqlalchemy import and_, delete, func, select, update

from handoff_service.archive.account_store import account_of
from handoff_service.archive.accounts import Account
from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow, AuditRow
from handoff_service.archive.passwords import is_password
from handoff_service.archive.sessions import digest
from handoff_service.archive.tables.people import SecondFactorRow, TicketRow
from handoff_service.refusals import TicketGone, TooManyAttempts, WrongPassword

#: Failures are counted over these times, in milliseconds.
SHORT_MS, LONG_MS = 60_000, 15 * 60_000
#: One address may fail this many times as often as one login from one address: offices share one.
ORIGIN_FACTOR = 3
#: Failures of one login from anywhere over the long time. High, or a stranger could lock a person
#: out by failing on purpose; far too low to guess a password of ten characters.
MAX_FAILURES_LOGIN = 100
#: Any fixed number of its own: PostgreSQL's lock under which attempts are counted.
ATTEMPTS_LOCK = 0x7369676E
#: Life of a ticket, in milliseconds: long enough to set a second factor up.
TICKET_MS = 10 * 60_000
#: So many wrong codes end a ticket: the password has to be typed again.
MOST_WRONG = 5

#: How an attempt ended. One whose password was right waits for its second step.
FAILED, DONE, HALF = "login.failed", "login.succeeded", "login.first_step"


@dataclass(frozen=True, slots=True)
class FirstStep:
    """Somebody whose password was right."""

    account: Account
    #: Whether a second factor is set up.
    has_factor: bool


async def check_password(
    database: Database,
    login: str,
    *,
    password: str,
    origin: str,
    now_ms: int,
    failures_per_minute: int,
) -> FirstStep:
    """Check a password.

    The login is taken as typed: case and surrounding white space do not matter. Failures are
    counted per login and per `origin`, the address they come from.

    Raises:
        TooManyAttempts: there were too many failures; `retry_after_s` says when to come back.
        WrongPassword: no such login, or not its password.
    """
    login = login.strip().lower()[:100]
    attempt_id = await note_attempt(
        database, login, origin=origin, now_ms=now_ms, limit=failures_per_minute
    )
    async with database.session() as session:
        row = await session.scalar(
            select(AccountRow).where(AccountRow.login == login, AccountRow.disabled_ms.is_(None))
        )
    right = await is_password(password, row.password_hash if row else None)
    if row is None or not right:
        raise WrongPassword(login)
    async with database.session() as session:
        factor = await session.scalar(
            select(SecondFactorRow.account_id).where(
                SecondFactorRow.account_id == row.id, SecondFactorRow.set_ms.is_not(None)
            )
        )
    has_factor = factor is not None
    await settle_attempt(database, attempt_id, row.id, action=HALF if has_factor else DONE)
    return FirstStep(account_of(row), has_factor)


async def note_attempt(
    database: Database, login: str, *, origin: str, now_ms: int, limit: int
) -> str:
    """Write the attempt down as failed before the check, so that parallel ones count each other.

    Raises:
        TooManyAttempts: there were too many failures.
    """
    of_login, of_origin = AuditRow.actor == login, AuditRow.origin == origin
    short, long = AuditRow.at_ms > now_ms - SHORT_MS, AuditRow.at_ms > now_ms - LONG_MS
    limits = (
        (limit, and_(of_login, of_origin, short)),
        (limit * ORIGIN_FACTOR, and_(of_origin, short)),
        (MAX_FAILURES_LOGIN, and_(of_login, long)),
    )
    async with database.session() as session:
        await database.take_turns(session, ATTEMPTS_LOCK)
        attempt = write_audit(session, actor=login, action=FAILED, at_ms=now_ms, origin=origin)
        await session.flush()
        for most, which in limits:
            failures = select(func.count()).where(AuditRow.action == FAILED, which)
            if (await session.scalar(failures) or 0) > most:
                # Raising rolls the note back: trying on while refused does not prolong the wait.
                raise TooManyAttempts(retry_after_s=SHORT_MS // 1000)
        return attempt.id


async def settle_attempt(
    database: Database, attempt_id: str, account_id: str, *, action: str = DONE
) -> None:
    """Write down that an attempt did not fail."""
    async with database.session() as session:
        await session.execute(
            update(AuditRow)
            .where(AuditRow.id == attempt_id)
            .values(action=action, actor=account_id)
        )


async def give_ticket(database: Database, account_id: str, *, now_ms: int) -> str:
    """Return a ticket for the second step."""
    token = secrets.token_urlsafe(32)
    async with database.session() as session:
        await session.execute(delete(TicketRow).where(TicketRow.expires_ms <= now_ms))
        session.add(
            TicketRow(
                token_hash=digest(token), account_id=account_id, expires_ms=now_ms + TICKET_MS
            )
        )
    return token


async def read_ticket(database: Database, ticket: str, *, now_ms: int) -> Account:
    """Return who has done the first step.

    Raises:
        TicketGone: unknown, used or over, or too many wrong codes: sign in anew.
    """
    wanted = (
        select(AccountRow)
        .join(TicketRow, TicketRow.account_id == AccountRow.id)
        .where(
            TicketRow.token_hash == digest(ticket),
            TicketRow.expires_ms > now_ms,
            TicketRow.wrong < MOST_WRONG,
            AccountRow.disabled_ms.is_(None),
        )
    )
    async with database.session() as session:
        row = await session.scalar(wanted)
    if row is None:
        raise TicketGone
    return account_of(row)


async def count_wrong(database: Database, ticket: str) -> None:
    """Count a wrong code before it is looked at; `use_ticket` forgets it."""
    async with database.session() as session:
        await session.execute(
            update(TicketRow)
            .where(TicketRow.token_hash == digest(ticket))
            .values(wrong=TicketRow.wrong + 1)
        )


async def use_ticket(database: Database, ticket: str) -> None:
    """Use a ticket up, once.

    Raises:
        TicketGone: somebody else was faster.
    """
    used = delete(TicketRow).where(TicketRow.token_hash == digest(ticket))
    async with database.session() as session:
        if await session.scalar(used.returning(TicketRow.account_id)) is None:
            raise TicketGone
