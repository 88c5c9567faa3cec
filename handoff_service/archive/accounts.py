"""What an account of the console is, and what it may hold."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from handoff_service.archive.errors import AccountInvalid
from handoff_service.contact import is_email
from handoff_service.domain import LOCALES

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

    @property
    def teaches(self) -> bool:
        """Whether the role decides what the bot learns."""
        return self in {Role.MAINTAINER, Role.ADMIN}


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
    #: Where invitations and links to a new password go; "" for none.
    email: str = ""


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
    email: str = ""

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
        _check_email(self.email)


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
    email: str | None = None

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
        if self.email is not None:
            _check_email(self.email)

    def values(self) -> dict[str, Any]:
        """Return the columns that change, with their values."""
        wanted = {
            "name": self.name and self.name.strip(),
            "role": self.role and self.role.value,
            "languages": None if self.languages is None else list(self.languages or LOCALES),
            "capacity": self.capacity,
            "skills": None if self.skills is None else dict(self.skills),
            "teams": None if self.teams is None else sorted_teams(self.teams),
            "email": self.email,
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


def _check_email(email: str) -> None:
    if email and (not is_email(email) or len(email) > 254):
        raise AccountInvalid("email", "an e-mail address, or nothing")


def _check_slugs(field: str, names: Collection[str]) -> None:
    if len(names) > MAX_NAMED:
        raise AccountInvalid(field, f"at most {MAX_NAMED}")
    for name in names:
        if not SLUG.fullmatch(name):
            raise AccountInvalid(field, f"{SLUG_FORM}, not {name!r}")


def sorted_teams(teams: tuple[str, ...]) -> list[str]:
    """Return each team once, in order, as it is kept."""
    return sorted(set(teams))
