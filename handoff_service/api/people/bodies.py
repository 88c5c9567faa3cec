"""The bodies of people over HTTP."""

from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from handoff_service.api.schemas import AgentView, Line, Token

Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Email = Annotated[str, StringConstraints(max_length=254)]
RoleName = Literal["agent", "supervisor", "maintainer", "admin"]
Names = Annotated[list[Line], Field(max_length=50)]
Skills = Annotated[dict[str, Annotated[int, Field(ge=1, le=5)]], Field(max_length=50)]
Capacity = Annotated[int, Field(ge=1, le=50)]
Milliseconds = Annotated[int, Field(ge=0, le=2**53)]


@dataclass(frozen=True, slots=True)
class LoginAnswer:
    """Signed in (`done`), or what comes next with the ticket: a `code`, or to `enrol` a factor."""

    step: Literal["done", "code", "enrol"]
    agent: AgentView | None = None
    #: For the header X-CSRF-Token.
    csrf_token: str = ""
    ticket: str = ""
    #: Of a second factor that was just set up, this once.
    recovery_codes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class TicketRequest:
    """A sign-in whose first step is done."""

    ticket: Token


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A code of the app, or a recovery code."""

    ticket: Token
    code: Code


@dataclass(frozen=True, slots=True)
class WaysIn:
    """How people sign in here."""

    password: bool
    #: What the button of the provider says; "" without a provider.
    oidc: str
    min_password_chars: int


@dataclass(frozen=True, slots=True)
class FactorBegun:
    """A second factor that is being set up."""

    #: To type by hand, base32.
    secret: str
    uri: str
    #: Black squares on white, as the path of an SVG of `size` × `size` units.
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class FactorAnswer:
    """What somebody has as a second factor; null: nothing."""

    set_ms: int | None
    recovery_left: int
    #: Whether the role asks for one.
    required: bool


@dataclass(frozen=True, slots=True)
class FactorCode:
    """A code of one's own factor."""

    code: Code


@dataclass(frozen=True, slots=True)
class BeginFactor:
    """The password again: a browser left open is no proof; "" where there is none."""

    password: Annotated[str, StringConstraints(max_length=1000)] = ""


@dataclass(frozen=True, slots=True)
class RecoveryAnswer:
    """Recovery codes, this once; the token of the session, which has a new one."""

    recovery_codes: list[str]
    csrf_token: str = ""


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """The token of a link."""

    token: Token


@dataclass(frozen=True, slots=True)
class LinkAnswer:
    """Whose link it is."""

    kind: Literal["invite", "reset"]
    login: str
    name: str
    languages: list[str]
    expires_ms: int
    min_password_chars: int


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """What somebody chooses who opened a link; name and languages only when they join."""

    token: Token
    password: Password
    name: Line = ""
    languages: Names = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as those see it who look after accounts."""

    account_id: str
    login: str
    name: str
    email: str
    role: str
    languages: list[str]
    capacity: int
    skills: dict[str, int]
    teams: list[str]
    #: Invited: they have not joined yet.
    state: Literal["active", "invited", "disabled"]
    second_factor: bool
    #: Whether they sign in by the provider.
    oidc: bool
    #: Open sessions.
    sessions: int
    last_seen_ms: int | None
    #: Until when a link of theirs can be used.
    link_until_ms: int | None
    created_ms: int


@dataclass(frozen=True, slots=True)
class AccountsQuery:
    """A page of accounts, by login."""

    after: Annotated[str, StringConstraints(max_length=100)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 100
    #: Part of a login, a name or an address.
    q: Annotated[str, StringConstraints(max_length=100)] = ""


@dataclass(frozen=True, slots=True)
class AccountsAnswer:
    """Accounts, and where the next page begins; null: there is none."""

    accounts: list[AccountView]
    after: str | None


@dataclass(frozen=True, slots=True)
class InviteRequest:
    """Somebody who shall join."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    name: Line
    email: Email = ""
    role: RoleName = "agent"
    languages: Names = field(default_factory=list)
    capacity: Capacity = 4
    skills: Skills = field(default_factory=dict)
    teams: Names = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class InvitedAnswer:
    """A link that was made: shown this once, and sent if there is an address."""

    account: AccountView
    link: str
    expires_ms: int
    #: Whether an e-mail with it is on its way; if not, `problem` may say why.
    sent: bool
    problem: Literal["", "no_address", "mail_off", "mail_refused", "mail_delayed"]


@dataclass(frozen=True, slots=True)
class ChangeRequest:
    """What is to be different; null leaves it."""

    name: Line | None = None
    email: Email | None = None
    role: RoleName | None = None
    languages: Names | None = None
    capacity: Capacity | None = None
    skills: Skills | None = None
    teams: Names | None = None


@dataclass(frozen=True, slots=True)
class ProfileRequest:
    """What somebody changes about themselves."""

    name: Line | None = None
    languages: Names | None = None


@dataclass(frozen=True, slots=True)
class PasswordRequest:
    """One's own password, and the one that shall hold from now on."""

    current: Annotated[str, StringConstraints(max_length=1000)]
    new: Password


@dataclass(frozen=True, slots=True)
class SessionView:
    """A signed-in browser."""

    id: str
    browser: str
    address: str
    how: str
    created_ms: int
    last_seen_ms: int
    expires_ms: int
    #: Whether it is the one that asks.
    here: bool


@dataclass(frozen=True, slots=True)
class SessionsAnswer:
    """The open sessions, the last used first."""

    sessions: list[SessionView]


@dataclass(frozen=True, slots=True)
class EndedAnswer:
    """So many sessions were ended."""

    ended: int


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which lines of the trail."""

    #: An account id, a login that was tried, or `operator`.
    actor: Annotated[str, StringConstraints(max_length=100)] = ""
    #: `account.invited`, or `account` for all of that area.
    action: Annotated[str, StringConstraints(max_length=48)] = ""
    #: Whom or what it was done to: an id.
    subject: Annotated[str, StringConstraints(max_length=100)] = ""
    from_ms: Milliseconds | None = None
    to_ms: Milliseconds | None = None
    after: Annotated[str, StringConstraints(max_length=80)] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 100


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that somebody did; names are those of accounts, "" for others."""

    id: str
    at_ms: int
    actor: str
    actor_name: str
    origin: str
    action: str
    subject: str
    subject_name: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AuditAnswer:
    """Lines of the trail, the latest first."""

    lines: list[AuditLine]
    after: str | None
