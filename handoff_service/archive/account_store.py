"""Keeps the accounts of the people who sign in to the console."""

from collections.abc import Collection

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from handoff_service.archive.accounts import (
    Account,
    AccountChanges,
    NewAccount,
    Role,
    sorted_teams,
)
from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.errors import LastAdmin, LoginTaken
from handoff_service.archive.models import AccountRow, AccountSessionRow
from handoff_service.archive.passwords import PasswordRules, hash_password, is_password
from handoff_service.archive.tables.people import IdentityRow, InvitationRow
from handoff_service.domain import LOCALES
from handoff_service.ids import new_agent_id

USUAL_RULES = PasswordRules()


async def create_account(
    database: Database,
    wanted: NewAccount,
    *,
    password: str,
    now_ms: int,
    actor: str = "operator",
    rules: PasswordRules = USUAL_RULES,
) -> Account:
    """Store a new account with a hash of its password.

    Raises:
        PasswordRefused: the rules do not allow the password.
        LoginTaken: another account has this login.
    """
    about = (wanted.login, wanted.name, wanted.email)
    hashed = await hash_password(password, rules, about=about)
    async with database.session() as session:
        return await add_account(
            database, session, wanted, password_hash=hashed, now_ms=now_ms, actor=actor
        )


async def add_account(
    database: Database,
    session: AsyncSession,
    wanted: NewAccount,
    *,
    password_hash: str,
    now_ms: int,
    actor: str,
    origin: str = "",
    action: str = "account.created",
) -> Account:
    """Add an account in a transaction of the caller's.

    Raises:
        LoginTaken: another account has this login.
    """
    row = {
        "id": new_agent_id(),
        "login": wanted.login,
        "name": wanted.name.strip(),
        "role": wanted.role.value,
        "languages": list(wanted.languages or LOCALES),
        "capacity": wanted.capacity,
        "skills": dict(wanted.skills),
        "teams": sorted_teams(wanted.teams),
        "email": wanted.email,
        "password_hash": password_hash,
        "created_ms": now_ms,
    }
    statement = (
        database.insert(AccountRow).values(row).on_conflict_do_nothing(index_elements=["login"])
    )
    made = await session.scalar(statement.returning(AccountRow.id))
    if made is None:
        raise LoginTaken(wanted.login)
    write_audit(
        session,
        actor=actor,
        origin=origin,
        action=action,
        at_ms=now_ms,
        subject=made,
        data={"login": wanted.login, "role": wanted.role.value},
    )
    return account_of(await session.get_one(AccountRow, made))


async def update_account(
    database: Database,
    login: str,
    changes: AccountChanges,
    *,
    now_ms: int,
    actor: str = "operator",
    origin: str = "",
) -> Account | None:
    """Change an account that is not disabled; return it as it is then, None when there is none.

    Raises:
        LastAdmin: nobody could manage accounts any more.
    """
    of_login = (AccountRow.login == login, AccountRow.disabled_ms.is_(None))
    values = changes.values()
    async with database.session() as session:
        if "role" in values:
            await _lock_admins(session)
        row = await session.scalar(select(AccountRow).where(*of_login).with_for_update())
        if row is None:
            return None
        if values.get("role", row.role) != row.role:
            await _spare_last_admin(session, row)
        before = {column: getattr(row, column) for column in values}
        for column, value in values.items():
            setattr(row, column, value)
        write_audit(
            session,
            actor=actor,
            origin=origin,
            action="account.updated",
            at_ms=now_ms,
            subject=row.id,
            data={
                "fields": sorted(values),
                "before": before,
                "after": values,
            },
        )
        return account_of(row)


async def disable_account(
    database: Database, login: str, *, now_ms: int, actor: str = "operator", origin: str = ""
) -> str | None:
    """Bar an account from signing in; its sessions and links end. Its id, None: none to bar.

    Raises:
        LastAdmin: nobody could manage accounts any more.
    """
    of_login = (AccountRow.login == login, AccountRow.disabled_ms.is_(None))
    async with database.session() as session:
        await _lock_admins(session)
        row = await session.scalar(select(AccountRow).where(*of_login).with_for_update())
        if row is None:
            return None
        await _spare_last_admin(session, row)
        row.disabled_ms = now_ms
        await session.execute(
            update(AccountSessionRow)
            .where(AccountSessionRow.account_id == row.id, AccountSessionRow.revoked_ms.is_(None))
            .values(revoked_ms=now_ms)
        )
        await session.execute(delete(InvitationRow).where(InvitationRow.account_id == row.id))
        write_audit(
            session,
            actor=actor,
            origin=origin,
            action="account.disabled",
            at_ms=now_ms,
            subject=row.id,
        )
        return row.id


async def enable_account(
    database: Database, account_id: str, *, now_ms: int, actor: str, origin: str = ""
) -> bool:
    """Let a disabled account sign in again, as it was; whether there was one."""
    enabled = (
        update(AccountRow)
        .where(AccountRow.id == account_id, AccountRow.disabled_ms.is_not(None))
        .values(disabled_ms=None)
        .returning(AccountRow.id)
    )
    async with database.session() as session:
        if await session.scalar(enabled) is None:
            return False
        write_audit(
            session,
            actor=actor,
            origin=origin,
            action="account.enabled",
            at_ms=now_ms,
            subject=account_id,
        )
        return True


async def change_password(
    database: Database,
    account: Account,
    password: str,
    *,
    rules: PasswordRules,
    now_ms: int,
    origin: str = "",
) -> None:
    """Give an account the password that its owner chose.

    Raises:
        PasswordRefused: the rules do not allow it.
    """
    about = (account.login, account.name, account.email)
    hashed = await hash_password(password, rules, about=about)
    async with database.session() as session:
        await session.execute(
            update(AccountRow)
            .where(AccountRow.id == account.account_id)
            .values(password_hash=hashed)
        )
        write_audit(
            session,
            actor=account.account_id,
            origin=origin,
            action="password.changed",
            at_ms=now_ms,
            subject=account.account_id,
        )


async def uses_password(database: Database, account_id: str) -> bool:
    """Whether the account has a password at all: who signs in by a provider may have none."""
    async with database.session() as session:
        row = await session.get(AccountRow, account_id)
    return row is not None and row.password_hash != ""


async def has_password(database: Database, account_id: str, password: str) -> bool:
    """Whether this is the account's password."""
    async with database.session() as session:
        row = await session.get(AccountRow, account_id)
    return await is_password(password, row.password_hash if row else None)


async def count_accounts(database: Database) -> int:
    """How many accounts there are, disabled ones included."""
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(AccountRow)) or 0


async def names_of(database: Database, account_ids: Collection[str]) -> dict[str, str]:
    """Return the names of those of the ids that are accounts'. Raises ArchiveUnavailable."""
    wanted = select(AccountRow.id, AccountRow.name).where(AccountRow.id.in_(account_ids))
    async with database.session() as session:
        return {row.id: row.name for row in await session.execute(wanted)}


async def list_accounts(database: Database) -> list[Account]:
    """Every account that may sign in, by login."""
    statement = (
        select(AccountRow).where(AccountRow.disabled_ms.is_(None)).order_by(AccountRow.login)
    )
    async with database.session() as session:
        return [account_of(row) for row in await session.scalars(statement)]


def account_of(row: AccountRow) -> Account:
    """Translate a row to what the rest of the service knows."""
    return Account(
        account_id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        languages=tuple(row.languages),
        capacity=row.capacity,
        skills=dict(row.skills),
        teams=tuple(row.teams),
        email=row.email,
    )


async def _lock_admins(session: AsyncSession) -> None:
    """Let nobody else change who manages accounts meanwhile: two must not remove each other.

    A write, as SQLite has no other lock.
    """
    admins = update(AccountRow).where(AccountRow.role == Role.ADMIN.value)
    await session.execute(
        admins.values(role=AccountRow.role), execution_options={"synchronize_session": False}
    )


async def _spare_last_admin(session: AsyncSession, row: AccountRow) -> None:
    """Raise LastAdmin if this is the only one who manages accounts."""
    if row.role != Role.ADMIN:
        return
    others = select(AccountRow.id).where(
        AccountRow.role == Role.ADMIN.value,
        AccountRow.disabled_ms.is_(None),
        # Somebody invited who has not joined yet manages nothing.
        or_(
            AccountRow.password_hash != "",
            AccountRow.id.in_(select(IdentityRow.account_id)),
        ),
    )
    if not set(await session.scalars(others)) - {row.id}:
        raise LastAdmin
