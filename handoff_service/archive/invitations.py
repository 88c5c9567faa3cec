"""Links by which people join, or choose a new password: each serves once, for seven days."""

import secrets
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from handoff_service.archive.account_store import account_of, add_account
from handoff_service.archive.accounts import Account, AccountChanges, NewAccount
from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.models import AccountRow, AccountSessionRow
from handoff_service.archive.passwords import PasswordRules, hash_password
from handoff_service.archive.sessions import digest
from handoff_service.archive.tables.people import InvitationRow
from handoff_service.refusals import LinkGone

#: Life of a link, in milliseconds.
LINK_MS = 7 * 86_400_000

INVITE, RESET = "invite", "reset"


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was just made; the token is shown or sent now, and kept nowhere."""

    account: Account
    kind: str  #: invite or reset
    token: str
    expires_ms: int


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link that somebody opened."""

    account: Account
    kind: str
    expires_ms: int


async def invite(
    database: Database, wanted: NewAccount, *, now_ms: int, actor: str, origin: str = ""
) -> Link:
    """Make an account without a password, and the link by which its owner joins.

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
            actor=actor,
            origin=origin,
            action="account.invited",
        )
        token, row = _new_link(account.account_id, INVITE, now_ms=now_ms, made_by=actor)
        session.add(row)
    return Link(account, INVITE, token, row.expires_ms)


async def make_link(
    database: Database, account_id: str, *, now_ms: int, actor: str, origin: str = ""
) -> Link | None:
    """Make a new link for an account; the one before serves no more. None: no such account.

    To who has joined it gives a new password, to who has not yet it is the invitation again.
    """
    async with database.session() as session:
        row = await session.get(AccountRow, account_id, with_for_update=True)
        if row is None or row.disabled_ms is not None:
            return None
        kind = RESET if row.password_hash else INVITE
        over = (InvitationRow.account_id == account_id) | (InvitationRow.expires_ms <= now_ms)
        await session.execute(delete(InvitationRow).where(over))
        token, link = _new_link(account_id, kind, now_ms=now_ms, made_by=actor)
        session.add(link)
        write_audit(
            session,
            actor=actor,
            origin=origin,
            action="account.invited_again" if kind == INVITE else "password.reset_link_made",
            at_ms=now_ms,
            subject=account_id,
        )
        return Link(account_of(row), kind, token, link.expires_ms)


async def open_links(database: Database, *, now_ms: int) -> dict[str, int]:
    """Return until when links are open, by account."""
    wanted = select(InvitationRow.account_id, InvitationRow.expires_ms).where(
        InvitationRow.expires_ms > now_ms
    )
    async with database.session() as session:
        return {row.account_id: row.expires_ms for row in await session.execute(wanted)}


async def find_link(database: Database, token: str, *, now_ms: int) -> OpenLink:
    """Return whose link it is.

    Raises:
        LinkGone: it never was, was used or replaced, or is over.
    """
    wanted = (
        select(AccountRow, InvitationRow.kind, InvitationRow.expires_ms)
        .join(InvitationRow, InvitationRow.account_id == AccountRow.id)
        .where(
            InvitationRow.token_hash == digest(token),
            InvitationRow.expires_ms > now_ms,
            AccountRow.disabled_ms.is_(None),
        )
    )
    async with database.session() as session:
        found = (await session.execute(wanted)).first()
    if found is None:
        raise LinkGone
    return OpenLink(account_of(found[0]), found[1], found[2])


async def use_link(
    database: Database,
    token: str,
    *,
    password: str,
    changes: AccountChanges,
    rules: PasswordRules,
    now_ms: int,
    origin: str = "",
) -> Account:
    """Choose a password by a link, and the link is used; every session of before ends.

    Raises:
        LinkGone: it never was, was used or replaced, or is over.
        PasswordRefused: the rules do not allow the password; the link can be used again.
    """
    link = await find_link(database, token, now_ms=now_ms)
    name = changes.name or link.account.name
    about = (link.account.login, name, link.account.email)
    hashed = await hash_password(password, rules, about=about)
    account_id = link.account.account_id
    async with database.session() as session:
        used = delete(InvitationRow).where(InvitationRow.token_hash == digest(token))
        if await session.scalar(used.returning(InvitationRow.account_id)) is None:
            raise LinkGone
        row = await session.get_one(AccountRow, account_id, with_for_update=True)
        row.password_hash = hashed
        for column, value in changes.values().items():
            setattr(row, column, value)
        await session.execute(
            update(AccountSessionRow)
            .where(
                AccountSessionRow.account_id == account_id, AccountSessionRow.revoked_ms.is_(None)
            )
            .values(revoked_ms=now_ms)
        )
        write_audit(
            session,
            actor=account_id,
            origin=origin,
            action="account.joined" if link.kind == INVITE else "password.reset",
            at_ms=now_ms,
            subject=account_id,
        )
        return account_of(row)


def _new_link(
    account_id: str, kind: str, *, now_ms: int, made_by: str
) -> tuple[str, InvitationRow]:
    token = secrets.token_urlsafe(32)
    row = InvitationRow(
        token_hash=digest(token),
        account_id=account_id,
        kind=kind,
        made_by=made_by,
        created_ms=now_ms,
        expires_ms=now_ms + LINK_MS,
    )
    return token, row
