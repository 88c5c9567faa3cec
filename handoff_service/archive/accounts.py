"""Accounts of the people who sign in to the console."""

import asyncio
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

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
#: Skills have levels from 1 to this; a request may ask for one at least so high.
MAX_LEVEL = 5
#: So many skills, and so many teams, one person may have.
MAX_NAMED = 50

LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{1,99}")
#: Name of a skill or a team, as the rules of routing spell it.
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
SLUG_FORM = "1 to 40 of a-z 0-9 _ -, beginning with a letter or digit"


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
    #: Skill → level, 1 to 5; without any the person serves every skill.
    skills: Mapping[str, int] = field(default_factory=dict)
    teams: tuple[str, ...] = ()


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
    #: Skill → level, 1 to 5.
    skills: Mapping[str, int] = field(default_factory=dict)
    teams: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not LOGIN.fullmatch(self.login):
            raise AccountInvalid(
                "login", "2 to 100 of a-z 0-9 . _ @ + -, beginning with a letter or digit"
            )
        _check_name(self.name)
        _check_languages(self.languages)
        _check_capacity(self.capacity)
        _check_skills(self.skills)
        _check_teams(self.teams)


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What is to be different about an account; None leaves it as it is.

    Raises:
        AccountInvalid: a field has no acceptable value; names the field and what it wants.
    """

    name: str | None = None
    role: Role | None = None
    languages: tuple[str, ...] | None = None
    capacity: int | None = None
    skills: Mapping[str, int] | None = None
    teams: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        if self.name is not None:
            _check_name(self.name)
        if self.languages is not None:
            _check_languages(self.languages)
        if self.capacity is not None:
            _check_capacity(self.capacity)
        if self.skills is not None:
            _check_skills(self.skills)
        if self.teams is not None:
            _check_teams(self.teams)

    def values(self) -> dict[str, Any]:
        """Return the columns that change, with their values."""
        wanted = {
            "name": self.name and self.name.strip(),
            "role": self.role and self.role.value,
            "languages": None if self.languages is None else list(self.languages or LOCALES),
            "capacity": self.capacity,
            "skills": None if self.skills is None else dict(self.skills),
            "teams": None if self.teams is None else _sorted(self.teams),
        }
        return {column: value for column, value in wanted.items() if value is not None}


def read_skill(text: str) -> tuple[str, int]:
    """Read `billing` (level 1) or `billing:3`.

    Raises:
        AccountInvalid: it is neither.
    """
    name, colon, level = text.partition(":")
    if colon and not (level.isascii() and level.isdigit()):
        raise AccountInvalid("skill", f"NAME or NAME:LEVEL, as in billing:3, not {text!r}")
    return name.strip(), int(level) if colon else 1


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
        "skills": dict(wanted.skills),
        "teams": _sorted(wanted.teams),
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


async def update_account(
    database: Database,
    login: str,
    changes: AccountChanges,
    *,
    now_ms: int,
    actor: str = "operator",
) -> Account | None:
    """Change an account that may sign in; return it as it is then, None when there is none."""
    of_login = (AccountRow.login == login, AccountRow.disabled_ms.is_(None))
    async with database.session() as session:
        row = await session.scalar(select(AccountRow).where(*of_login).with_for_update())
        if row is None:
            return None
        values = changes.values()
        for column, value in values.items():
            setattr(row, column, value)
        write_audit(
            session,
            actor=actor,
            action="account.updated",
            at_ms=now_ms,
            subject=row.id,
            data={"fields": sorted(values)},
        )
        return account_of(row)


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
        skills=dict(row.skills),
        teams=tuple(row.teams),
    )


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise AccountInvalid("name", "1 to 200 printable characters")


def _check_languages(languages: tuple[str, ...]) -> None:
    unknown = sorted(set(languages) - set(LOCALES))
    if unknown:
        raise AccountInvalid("language", f"one of {', '.join(LOCALES)}, not {', '.join(unknown)}")


def _check_capacity(capacity: int) -> None:
    if not 1 <= capacity <= MAX_CAPACITY:
        raise AccountInvalid("capacity", f"a whole number from 1 to {MAX_CAPACITY}")


def _check_skills(skills: Mapping[str, int]) -> None:
    _check_slugs("skill", skills)
    for name, level in skills.items():
        if not 1 <= level <= MAX_LEVEL:
            raise AccountInvalid("skill", f"a level from 1 to {MAX_LEVEL}, not {name}:{level}")


def _check_teams(teams: tuple[str, ...]) -> None:
    _check_slugs("team", teams)


def _check_slugs(field: str, names: Collection[str]) -> None:
    if len(names) > MAX_NAMED:
        raise AccountInvalid(field, f"at most {MAX_NAMED}")
    for name in names:
        if not SLUG.fullmatch(name):
            raise AccountInvalid(field, f"{SLUG_FORM}, not {name!r}")


def _sorted(teams: tuple[str, ...]) -> list[str]:
    return sorted(set(teams))
