"""The bodies of the HTTP API: what is sent and what comes back; OpenAPI is written from these."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, StringConstraints, WithJsonSchema

Token = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
Line = Annotated[str, StringConstraints(max_length=300)]


@dataclass(frozen=True, slots=True)
class Page:
    """The page of the shop that the widget is on."""

    url: Annotated[str, StringConstraints(max_length=2000)] = ""
    title: Line = ""


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """A browser that begins, or comes back with the token of an earlier visit."""

    locale: Line = "en"
    visitor_token: Token | None = None
    page: Page | None = None
    #: Who the customer is: a JWT that the site's server signed (docs/protocol.md).
    identity: Token | None = None
    #: Minutes that the browser's clock is ahead of UTC.
    utc_offset_min: Annotated[int, Field(ge=-900, le=900)] | None = None
    #: Which of the websites the widget is on, as its script tag says.
    site: Annotated[str, StringConstraints(max_length=64)] = ""


@dataclass(frozen=True, slots=True)
class SessionAnswer:
    """Tokens, and the conversation they open."""

    visitor_token: str
    session_token: str
    customer_id: str
    conversation_id: str
    locale: str
    #: End of the session token, milliseconds since the epoch.
    expires_ms: int


@dataclass(frozen=True, slots=True)
class PollRequest:
    """What a page that cannot open a socket has seen, and what it sends."""

    last_seq: Annotated[int, Field(ge=0, le=2**53)] = 0
    locale: Line | None = None
    #: Frames, as on the socket; each may come again in a later poll.
    frames: Annotated[list[dict[str, Any]], Field(max_length=16)] = field(default_factory=list)
    #: Longest wait for news, milliseconds: below what proxies cut (30 s).
    hold_ms: Annotated[int, Field(ge=0, le=25_000)] = 0
    #: `seen` of the last answer.
    seen: Annotated[str, StringConstraints(max_length=64)] = ""


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """Frames, as on the socket; and what to say in the next poll."""

    seen: str
    frames: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class UploadForm:
    """A form with one part, a file with its name."""

    file: Annotated[bytes, WithJsonSchema({"type": "string", "format": "binary"})]


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file as events and uploads tell of it; width and height of an image, in pixels."""

    id: str
    name: str
    type: str
    bytes: int
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class LoginRequest:
    """What a person types to sign in."""

    login: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


@dataclass(frozen=True, slots=True)
class AgentView:
    """Who is signed in."""

    agent_id: str
    login: str
    name: str
    languages: list[str]
    capacity: int
    role: str
    #: Skill → level, 1 to 5; without any the person serves every skill.
    skills: dict[str, int]
    teams: list[str]


@dataclass(frozen=True, slots=True)
class SignedInAnswer:
    """Who is signed in, and the token for the header X-CSRF-Token."""

    agent: AgentView
    csrf_token: str


@dataclass(frozen=True, slots=True)
class EventView:
    """One event of a conversation; `data` depends on `type` (docs/protocol.md)."""

    conversation_id: str
    seq: int
    type: str
    at_ms: int
    epoch: int
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SummaryView:
    """A conversation as a list shows it; fields that only the history has may be absent."""

    conversation_id: str
    state: str
    epoch: int
    language: str
    topic: str
    reason: str
    triage: list[dict[str, Any]]
    tried: list[dict[str, Any]]
    summary: str
    last_seq: int
    customer: dict[str, Any]
    #: On which of the websites it began; "" for the usual one.
    site: str = ""
    contact: str = ""
    callback: bool = False
    needs: dict[str, Any] = field(default_factory=dict)
    draft: str | None = None
    parked_until_ms: int | None = None
    waiting_since_ms: int | None = None
    assigned_ms: int | None = None
    agent_id: str | None = None
    agent_name: str | None = None
    started_ms: int | None = None
    closed_ms: int | None = None
    last_at_ms: int | None = None
    disposition: str | None = None
    stars: int | None = None
    comment: str | None = None
    team: str | None = None
    priority: int = 5
    tags: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ConversationsAnswer:
    """Conversations, latest first."""

    conversations: list[SummaryView]


@dataclass(frozen=True, slots=True)
class ConversationAnswer:
    """One conversation, whole."""

    summary: SummaryView
    events: list[EventView]


@dataclass(frozen=True, slots=True)
class EventsAnswer:
    """Events of one conversation, in order."""

    events: list[EventView]


@dataclass(frozen=True, slots=True)
class EarlierView:
    """An earlier conversation of a customer."""

    conversation_id: str
    started_ms: int
    last_at_ms: int
    closed_ms: int | None
    last_words: str


@dataclass(frozen=True, slots=True)
class EarlierAnswer:
    """A customer's earlier conversations, the latest first."""

    conversations: list[EarlierView]


@dataclass(frozen=True, slots=True)
class CheckView:
    """One thing that the service needs."""

    ok: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class HealthAnswer:
    """The process is alive."""

    ok: bool
    version: str


@dataclass(frozen=True, slots=True)
class ReadyAnswer:
    """Whether the service can serve, and whether a part it can do without for a while is away."""

    ready: bool
    degraded: bool
    checks: dict[str, CheckView]


@dataclass(frozen=True, slots=True)
class AccountRequest:
    """An account to be made; the password is generated when none is given."""

    login: Annotated[str, StringConstraints(max_length=200)]
    name: Annotated[str, StringConstraints(max_length=300)]
    role: str = "agent"
    languages: list[str] = field(default_factory=list)
    capacity: int = 4
    #: Skill → level, 1 to 5.
    skills: dict[str, int] = field(default_factory=dict)
    teams: list[str] = field(default_factory=list)
    password: Annotated[str, StringConstraints(max_length=300)] | None = None


@dataclass(frozen=True, slots=True)
class AccountAnswer:
    """The new account; `password` is shown this once."""

    account_id: str
    #: The same: as an agent a person has the id of the account.
    agent_id: str
    login: str
    name: str
    languages: list[str]
    capacity: int
    role: str
    skills: dict[str, int]
    teams: list[str]
    password: str


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What a notice says in one language; both empty: nothing in that language."""

    title: Line = ""
    text: Annotated[str, StringConstraints(max_length=4000)] = ""


@dataclass(frozen=True, slots=True)
class NoticeRequest:
    """A notice of a known problem, to be published or changed."""

    #: Locale → title and text, in at least one language.
    texts: dict[str, NoticeWords]
    #: How customers ask about it, in any language: the bot knows it by them.
    questions: list[Line] = field(default_factory=list)
    #: Where more stands.
    url: Annotated[str, StringConstraints(max_length=2000)] = ""
    #: Since when customers see it, milliseconds since the epoch; now if nothing is said.
    from_ms: Annotated[int, Field(ge=0, le=2**53)] | None = None
    #: Until when; until it is withdrawn if nothing is said.
    until_ms: Annotated[int, Field(ge=0, le=2**53)] | None = None


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice of a known problem."""

    id: str
    version: int
    texts: dict[str, dict[str, str]]
    questions: list[str]
    url: str
    from_ms: int
    until_ms: int | None
    author: str
    published_ms: int
    withdrawn_ms: int | None
    #: Whether customers see it now.
    stands: bool


@dataclass(frozen=True, slots=True)
class NoticesAnswer:
    """The notices, the latest first."""

    notices: list[NoticeView]


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """What runs in this process, for the operator."""

    version: str
    desk: str
    waiting: int
    longest_since_ms: int | None
    on_duty: bool
    archive_lag: int
    customer_sockets: int
    agent_sockets: int
    kb_version: str
    waits_measured: int
    wait_coverage: float | None
    talks_known: int


@dataclass(frozen=True, slots=True)
class ErrorView:
    """A refusal: `code` for programs, `message` for people."""

    code: str
    message: str
    #: Fields that were wrong, where that is the reason.
    fields: Annotated[list[str], Field(default_factory=list)]


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """Every answer from 400 on."""

    error: ErrorView
