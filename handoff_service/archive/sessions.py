"""Keeps the sessions of the console: which browsers are signed in, since when, until when."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, delete, select, update

from handoff_service.archive.account_store import account_of
from handoff_service.archive.accounts import Account
from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow, AccountSessionRow
from handoff_service.refusals import NotSignedIn

OUT = "login.ended"
#: That a session is in use is written down this often at most, in milliseconds.
SEEN_EVERY_MS = 60_000
BROWSER_CHARS = 300

#: Asked for each agent once a grace: written once, which takes longer than carrying it out.
_OPEN = (
    select(AccountRow, AccountSessionRow.id, AccountSessionRow.last_seen_ms)
    .join(AccountSessionRow, AccountSessionRow.account_id == AccountRow.id)
    .where(
        AccountSessionRow.revoked_ms.is_(None),
        AccountSessionRow.expires_ms > bindparam("now_ms"),
        AccountRow.disabled_ms.is_(None),
    )
)
_BY_TOKEN = _OPEN.where(AccountSessionRow.token_hash == bindparam("hash"))
_BY_ID = _OPEN.where(AccountSessionRow.id == bindparam("id"))


@dataclass(frozen=True, slots=True)
class Visit:
    """From where somebody signs in, and how."""

    browser: str = ""  #: as it names itself
    address: str = ""
    how: str = "password"  #: password, second_factor, recovery_code, oidc or invitation


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; the token goes into the browser's cookie and is kept nowhere else."""

    account: Account
    token: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class OpenSession:
    """Whose session it is, and its name."""

    account: Account
    session_id: str


@dataclass(frozen=True, slots=True)
class SessionLine:
    """One signed-in browser, as people see it."""

    id: str
    browser: str
    address: str
    how: str
    created_ms: int
    last_seen_ms: int
    expires_ms: int


def csrf_token(session_token: str) -> str:
    """Make the token that state-changing requests carry beside the cookie."""
    return hmac.new(session_token.encode(), b"baton csrf", hashlib.sha256).hexdigest()


def digest(token: str) -> str:
    """A token has 256 random bits, so a plain hash is enough to make the stored one useless."""
    return hashlib.sha256(token.encode()).hexdigest()


async def open_session(
    database: Database, account_id: str, *, visit: Visit, now_ms: int, session_ms: int
) -> SignedIn:
    """Open a session that ends `session_ms` after `now_ms`.

    Raises:
        NotSignedIn: the account was disabled meanwhile.
    """
    token, expires_ms = secrets.token_urlsafe(32), now_ms + session_ms
    async with database.session() as session:
        row = await session.get(AccountRow, account_id)
        if row is None or row.disabled_ms is not None:
            raise NotSignedIn
        over = AccountSessionRow.expires_ms <= now_ms
        await session.execute(delete(AccountSessionRow).where(over))
        session.add(
            AccountSessionRow(
                id=secrets.token_urlsafe(12),
                token_hash=digest(token),
                account_id=account_id,
                created_ms=now_ms,
                last_seen_ms=now_ms,
                expires_ms=expires_ms,
                browser=visit.browser[:BROWSER_CHARS],
                address=visit.address,
                how=visit.how,
            )
        )
        return SignedIn(account_of(row), token, expires_ms)


async def find_signed_in(database: Database, token: str, *, now_ms: int) -> OpenSession:
    """Whose session a token opens.

    Raises:
        NotSignedIn: unknown, ended or expired session, or a disabled account.
    """
    async with database.session() as session:
        found = (
            await session.execute(_BY_TOKEN, {"hash": digest(token), "now_ms": now_ms})
        ).first()
        if found is None:
            raise NotSignedIn
        row, session_id, last_seen_ms = found
        if now_ms - last_seen_ms >= SEEN_EVERY_MS:
            await session.execute(
                update(AccountSessionRow)
                .where(AccountSessionRow.id == session_id)
                .values(last_seen_ms=now_ms)
            )
        return OpenSession(account_of(row), session_id)


async def still_signed_in(database: Database, session_id: str, *, now_ms: int) -> Account:
    """Return the account of an open session, as it is now.

    Raises:
        NotSignedIn: ended or expired session, or a disabled account.
    """
    async with database.session() as session:
        found = (await session.execute(_BY_ID, {"id": session_id, "now_ms": now_ms})).first()
        if found is None:
            raise NotSignedIn
        return account_of(found[0])


async def rotate_session(database: Database, session_id: str) -> str:
    """Give a session another token, and return it: the old one opens nothing any more."""
    token = secrets.token_urlsafe(32)
    async with database.session() as session:
        await session.execute(
            update(AccountSessionRow)
            .where(AccountSessionRow.id == session_id)
            .values(token_hash=digest(token))
        )
    return token


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


async def list_sessions(database: Database, account_id: str, *, now_ms: int) -> list[SessionLine]:
    """Return the open sessions of an account, the last used first."""
    row = AccountSessionRow
    wanted = select(row).where(*_open_of(account_id, now_ms)).order_by(row.last_seen_ms.desc())
    async with database.session() as session:
        return [
            SessionLine(
                id=found.id,
                browser=found.browser,
                address=found.address,
                how=found.how,
                created_ms=found.created_ms,
                last_seen_ms=found.last_seen_ms,
                expires_ms=found.expires_ms,
            )
            for found in await session.scalars(wanted)
        ]


async def end_sessions(
    database: Database,
    account_id: str,
    *,
    actor: str,
    origin: str = "",
    now_ms: int,
    only: str | None = None,
    but: str | None = None,
) -> Sequence[str]:
    """End the sessions of an account, or `only` one of them, or all `but` one; return their ids."""
    which = [*_open_of(account_id, now_ms)]
    if only is not None:
        which.append(AccountSessionRow.id == only)
    if but is not None:
        which.append(AccountSessionRow.id != but)
    ended = (
        update(AccountSessionRow)
        .where(*which)
        .values(revoked_ms=now_ms)
        .returning(AccountSessionRow.id)
    )
    async with database.session() as session:
        ids = list(await session.scalars(ended))
        if ids:
            write_audit(
                session,
                actor=actor,
                origin=origin,
                action="session.ended",
                at_ms=now_ms,
                subject=account_id,
                data={"count": len(ids)},
            )
    return ids


async def is_signed_in_anywhere(database: Database, account_id: str, *, now_ms: int) -> bool:
    """Whether a session of this account is open in any browser. Raises ArchiveUnavailable."""
    found = select(AccountSessionRow.id).where(*_open_of(account_id, now_ms))
    async with database.session() as session:
        return await session.scalar(found.limit(1)) is not None


def _open_of(account_id: str, now_ms: int) -> tuple[ColumnElement[bool], ...]:
    return (
        AccountSessionRow.account_id == account_id,
        AccountSessionRow.revoked_ms.is_(None),
        AccountSessionRow.expires_ms > now_ms,
    )
