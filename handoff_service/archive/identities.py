"""Keeps who is who at a provider of identities, and which browsers were sent there."""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, or_, select

from handoff_service.archive.account_store import account_of, add_account
from handoff_service.archive.accounts import Account, NewAccount
from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow
from handoff_service.archive.sessions import digest
from handoff_service.archive.tables.people import IdentityRow, OidcStateRow

#: How long somebody may take at the provider, in milliseconds.
STATE_MS = 10 * 60_000


@dataclass(frozen=True, slots=True)
class Errand:
    """What a browser was sent to the provider with."""

    state: str
    browser: str  #: for its cookie
    nonce: str
    verifier: str


async def begin_errand(database: Database, *, now_ms: int) -> Errand:
    """Note that a browser is sent to the provider."""
    errand = Errand(*(secrets.token_urlsafe(32) for _ in range(4)))
    async with database.session() as session:
        await session.execute(delete(OidcStateRow).where(OidcStateRow.expires_ms <= now_ms))
        session.add(
            OidcStateRow(
                state_hash=digest(errand.state),
                browser_hash=digest(errand.browser),
                nonce=errand.nonce,
                verifier=errand.verifier,
                expires_ms=now_ms + STATE_MS,
            )
        )
    return errand


async def end_errand(database: Database, state: str, *, browser: str, now_ms: int) -> Errand | None:
    """Use an errand up. None: not of this browser, over, or used before."""
    used = (
        delete(OidcStateRow)
        .where(
            OidcStateRow.state_hash == digest(state),
            OidcStateRow.browser_hash == digest(browser),
            OidcStateRow.expires_ms > now_ms,
        )
        .returning(OidcStateRow.nonce, OidcStateRow.verifier)
    )
    async with database.session() as session:
        found = (await session.execute(used)).first()
    return Errand(state, browser, found.nonce, found.verifier) if found else None


async def find_identity(database: Database, issuer: str, subject: str) -> Account | None:
    """Return whose identity it is; None: nobody's, or of a disabled account."""
    wanted = (
        select(AccountRow)
        .join(IdentityRow, IdentityRow.account_id == AccountRow.id)
        .where(
            IdentityRow.issuer == issuer,
            IdentityRow.subject == subject,
            AccountRow.disabled_ms.is_(None),
        )
    )
    async with database.session() as session:
        row = await session.scalar(wanted)
    return account_of(row) if row else None


async def is_known(database: Database, issuer: str, subject: str) -> bool:
    """Whether an identity is an account's, a disabled one's included."""
    async with database.session() as session:
        return await session.get(IdentityRow, (issuer, subject)) is not None


async def find_by_email(database: Database, email: str) -> Account | None:
    """Return the one account whose login or address this is; None: there is none, or several."""
    of_email = or_(AccountRow.login == email, AccountRow.email == email)
    wanted = select(AccountRow).where(of_email, AccountRow.disabled_ms.is_(None)).limit(2)
    async with database.session() as session:
        rows = list(await session.scalars(wanted))
    return account_of(rows[0]) if len(rows) == 1 else None


async def link_identity(
    database: Database, account: Account, *, issuer: str, subject: str, now_ms: int
) -> None:
    """Let an identity open an account from now on."""
    async with database.session() as session:
        session.add(
            IdentityRow(
                issuer=issuer, subject=subject, account_id=account.account_id, since_ms=now_ms
            )
        )
        write_audit(
            session,
            actor=account.account_id,
            action="identity.linked",
            at_ms=now_ms,
            subject=account.account_id,
            data={"issuer": issuer},
        )


async def join_by_identity(
    database: Database, wanted: NewAccount, *, issuer: str, subject: str, now_ms: int
) -> Account:
    """Make an account without a password, opened by an identity.

    Raises:
        LoginTaken: another account has this login.
    """
    async with database.session() as session:
        account = await add_account(
            database,
            session,
            wanted,
            password_hash="",
            now_ms=now_ms,
            actor=f"oidc:{wanted.login}"[:100],
            action="account.joined",
        )
        session.add(
            IdentityRow(
                issuer=issuer, subject=subject, account_id=account.account_id, since_ms=now_ms
            )
        )
    return account


async def with_identity(database: Database) -> frozenset[str]:
    """Return the ids of the accounts that an identity opens."""
    async with database.session() as session:
        return frozenset(await session.scalars(select(IdentityRow.account_id)))
