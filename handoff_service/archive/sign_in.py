"""Signing in and out of the console: attempts, sessions, their end."""

import asyncio
import hashlib
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import and_, bindparam, delete, func, select, update

from handoff_service.archive.accounts import HASHER, MAX_PASSWORD_CHARS, Account, account_of
from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow, AccountSessionRow, AuditRow
from handoff_service.refusals import NotSignedIn, TooManyAttempts, WrongPassword

#: Failures are counted over these times, in milliseconds.
SHORT_MS, LONG_MS = 60_000, 15 * 60_000
#: One address may fail this many times as often as one login from one address: offices share one.
ORIGIN_FACTOR = 3
#: Failures of one login from anywhere over the long time. High, or a stranger could lock a person
#: out by failing on purpose; far too low to guess a password of ten characters.
MAX_FAILURES_LOGIN = 100

FAILED, DONE, OUT = "login.failed", "login.succeeded", "login.ended"

#: Argon2 takes 64 MiB and a core each time: two at once, the others wait.
_HASHING = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")

#: Asked for each agent once a grace: written once, which takes longer than carrying it out.
OPEN_SESSION = (
    select(AccountRow)
    .join(AccountSessionRow, AccountSessionRow.account_id == AccountRow.id)
    .where(
        AccountSessionRow.token_hash == bindparam("hash"),
        AccountSessionRow.revoked_ms.is_(None),
        AccountSessionRow.expires_ms > bindparam("now_ms"),
        AccountRow.disabled_ms.is_(None),
    )
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; the token goes into the browser's cookie and is kept nowhere else."""

    account: Account
    token: str
    expires_ms: int


def csrf_token(session_token: str) -> str:
    """Make the token that state-changing requests carry beside the cookie."""
    return hmac.new(session_token.encode(), b"baton csrf", hashlib.sha256).hexdigest()


async def sign_in(
    database: Database,
    login: str,
    *,
    password: str,
    origin: str,
    now_ms: int,
    failures_per_minute: int,
    session_ms: int,
) -> SignedIn:
    """Check a password and open a session.

    The login is taken as typed: case and surrounding white space do not matter. Failures are
    counted per login and per `origin`, the address they come from. The session ends `session_ms`
    after `now_ms`.

    Raises:
        TooManyAttempts: there were too many failures; `retry_after_s` says when to come back.
        WrongPassword: no such login, or not its password.
    """
    login = login.strip().lower()[:100]
    attempt_id = await _note_attempt(
        database, login, origin=origin, now_ms=now_ms, limit=failures_per_minute
    )
    async with database.session() as session:
        row = await session.scalar(
            select(AccountRow).where(AccountRow.login == login, AccountRow.disabled_ms.is_(None))
        )
    right = await asyncio.get_running_loop().run_in_executor(
        _HASHING, _matches, row.password_hash if row else None, password
    )
    if row is None or not right:
        raise WrongPassword(login)
    token = secrets.token_urlsafe(32)
    expires_ms = now_ms + session_ms
    async with database.session() as session:
        await session.execute(
            update(AuditRow).where(AuditRow.id == attempt_id).values(action=DONE, actor=row.id)
        )
        await session.execute(
            delete(AccountSessionRow).where(AccountSessionRow.expires_ms <= now_ms)
        )
        session.add(
            AccountSessionRow(
                token_hash=digest(token),
                account_id=row.id,
                created_ms=now_ms,
                expires_ms=expires_ms,
            )
        )
    return SignedIn(account_of(row), token, expires_ms)


async def find_signed_in(database: Database, token: str, *, now_ms: int) -> Account:
    """Whose session a token opens.

    Raises:
        NotSignedIn: unknown, ended or expired session, or a disabled account.
    """
    async with database.session() as session:
        row = await session.scalar(OPEN_SESSION, {"hash": digest(token), "now_ms": now_ms})
    if row is None:
        raise NotSignedIn
    return account_of(row)


async def sign_out(database: Database, token: str, *, now_ms: int) -> None:
    """End a session for good; an unknown one is no error."""
    async with database.session() as session:
        account_id = await session.scalar(
            update(AccountSessionRow)
            .where(
                AccountSessionRow.token_hash == digest(token),
                AccountSessionRow.revoked_ms.is_(None),
            )
            .values(revoked_ms=now_ms)
            .returning(AccountSessionRow.account_id)
        )
        if account_id is not None:
            write_audit(session, actor=account_id, action=OUT, at_ms=now_ms)


async def _note_attempt(
    database: Database, login: str, *, origin: str, now_ms: int, limit: int
) -> str:
    """Write the attempt down as failed before the check, so that parallel ones count each other."""
    of_login, of_origin = AuditRow.actor == login, AuditRow.origin == origin
    short, long = AuditRow.at_ms > now_ms - SHORT_MS, AuditRow.at_ms > now_ms - LONG_MS
    limits = (
        (limit, and_(of_login, of_origin, short)),
        (limit * ORIGIN_FACTOR, and_(of_origin, short)),
        (MAX_FAILURES_LOGIN, and_(of_login, long)),
    )
    async with database.session() as session:
        attempt = write_audit(session, actor=login, action=FAILED, at_ms=now_ms, origin=origin)
        await session.flush()
        for most, which in limits:
            failures = select(func.count()).where(AuditRow.action == FAILED, which)
            if (await session.scalar(failures) or 0) > most:
                # Raising rolls the note back: trying on while refused does not prolong the wait.
                raise TooManyAttempts(retry_after_s=SHORT_MS // 1000)
        return attempt.id


@cache
def _decoy() -> str:
    """Stand in for a login that does not exist, so that its refusal takes as long."""
    return HASHER.hash(secrets.token_urlsafe(16))


def _matches(password_hash: str | None, password: str) -> bool:
    try:
        return HASHER.verify(password_hash or _decoy(), password[: MAX_PASSWORD_CHARS + 1])
    except (VerifyMismatchError, InvalidHashError):
        return False


def digest(token: str) -> str:
    """A token has 256 random bits, so a plain hash is enough to make the stored one useless."""
    return hashlib.sha256(token.encode()).hexdigest()
