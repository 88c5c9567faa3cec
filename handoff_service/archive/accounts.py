"""Accounts of the people who sign in to the console."""

import asyncio
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum

from argon2 import PasswordHasher
from sqlalchemy import func, select, update

from handoff_service.archive.audit import write_audit
from handoff_service.archive.database import Database
from handoff_service.archive.errors import AccountInvalid, LoginTaken
from handoff_service.archive.models import AccountRow
from handoff_service.domain import LOCALES
from handoff_service.ids import new_agent_id

#: Argon2id with the library's defaults, which follow RFC 9106 (second recommended option).
HASHER = PasswordHasher()

#: Shortest password that a person may choose; generated ones carry about 119 bits.
MIN_PASSWORD_CHARS = 10
MAX_PASSWORD_CHARS = 200
MAX_CAPACITY = 50

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")


class Role(StrEnum):
    """What an account may do."""

    #: Takes over conversations, sees their own.
    AGENT = "agent"
    #: Sees every conversation and the whole floor.
    SUPERVISOR = "supervisor"
    #: Reads transcripts, writes articles; takes no conversations.
    MAINTAINER = "maintainer"
    #: Everything, accounts included.
    ADMIN = "admin"

    @property
    def sees_all(self) -> bool:
        """Whether the role may read conversations of other people."""
        return self is not Role.AGENT


@dataclass(frozen=True, slots=True)
class Account:
    """A person who may sign in; `account_id` is also their `agent_id`."""

    account_id: str
    login: str
    name: str
    role: Role
    languages: tuple[str, ...]
    capacity: int


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is asked for when an account is made.

    Raises:
        AccountInvalid: a field has no acceptable value; names the field and what it wants.
    """

    login: str
    name: str
    role: Role = Role.AGENT
    #: Locales the person speaks; empty means every one.
    languages: tuple[str, ...] = ()
    #: How many conversations at once.
    capacity: int = 4

    def __post_init__(self) -> None:
        if not LOGIN.fullmatch(self.login):
            raise AccountInvalid(
                "login", "2 to 100 of a-z 0-9 . _ @ + -, beginning with a letter or digit"
            )
        if not self.name.strip() or len(self.name) > 200 or not self.name.isprintable():
            raise AccountInvalid("name", "1 to 200 printable characters")
        unknown = sorted(set(self.languages) - set(LOCALES))
        if unknown:
            raise AccountInvalid(
                "language", f"one of {', '.join(LOCALES)}, not {', '.join(unknown)}"
            )
        if not 1 <= self.capacity <= MAX_CAPACITY:
            raise AccountInvalid("capacity", f"a whole number from 1 to {MAX_CAPACITY}")


def generate_password() -> str:
    """Make a password that people can type: 24 letters and digits in groups of four."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"  # without 0/o, 1/l, which look alike
    groups = ("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(6))
    return "-".join(groups)


async def create_account(
    database: Database, wanted: NewAccount, *, password: str, now_ms: int, actor: str = "operator"
) -> Account:
    """Store a new account with a hash of its password.

    Raises:
        AccountInvalid: the password is too short or too long.
        LoginTaken: another account has this login.
    """
    if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
        raise AccountInvalid("password", f"{MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")
    row = {
        "id": new_agent_id(),
        "login": wanted.login,
        "name": wanted.name.strip(),
        "role": wanted.role.value,
        "languages": list(wanted.languages or LOCALES),
        "capacity": wanted.capacity,
        "password_hash": await asyncio.to_thread(HASHER.hash, password),
        "created_ms": now_ms,
    }
    async with database.session() as session:
        statement = (
            database.insert(AccountRow).values(row).on_conflict_do_nothing(index_elements=["login"])
        )
        made = await session.scalar(statement.returning(AccountRow.id))
        if made is None:
            raise LoginTaken(wanted.login)
        write_audit(session, actor=actor, action="account.created", at_ms=now_ms, subject=made)
        return account_of(await session.get_one(AccountRow, made))


async def disable_account(
    database: Database, login: str, *, now_ms: int, actor: str = "operator"
) -> str | None:
    """Bar an account from signing in, end its sessions; its id, None when there is none to bar."""
    statement = (
        update(AccountRow)
        .where(AccountRow.login == login, AccountRow.disabled_ms.is_(None))
        .values(disabled_ms=now_ms)
        .returning(AccountRow.id)
    )
    async with database.session() as session:
        account_id = await session.scalar(statement)
        if account_id is None:
            return None
        write_audit(
            session, actor=actor, action="account.disabled", at_ms=now_ms, subject=account_id
        )
        return account_id


async def count_accounts(database: Database) -> int:
    """How many accounts there are, disabled ones included."""
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(AccountRow)) or 0


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
    )
