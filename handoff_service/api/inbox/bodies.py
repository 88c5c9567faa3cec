"""What the inbox is asked and what it answers; OpenAPI is written from these."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from handoff_service.archive.inbox import Sort, View

#: Without U+0000, which PostgreSQL keeps and compares nowhere.
PLAIN = r"^[^\x00]*$"
Word = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PLAIN)]
Millis = Annotated[int, Field(ge=0, le=2**53)]


@dataclass(frozen=True, slots=True)
class InboxQuery:
    """Which conversations; every filter that is given must fit."""

    view: View = View.ALL
    #: latest unless the view has an order of its own: waiting by priority, left by its wait.
    sort: Sort | None = None
    #: What is searched for (docs/console.md): words, "phrases", -without, wor*, name:value.
    text: Annotated[str, StringConstraints(max_length=300, pattern=PLAIN)] = ""
    #: A state, or open: whatever a person should look at.
    state: Word | None = None
    language: Word | None = None
    topic: Word | None = None
    reason: Word | None = None
    team: Word | None = None
    #: me, the id of an account, or the beginning of a name.
    agent: Word | None = None
    tag: Word | None = None
    #: At least.
    priority: Annotated[int, Field(ge=0, le=9)] | None = None
    site: Word | None = None
    disposition: Word | None = None
    stars: Annotated[int, Field(ge=1, le=5)] | None = None
    #: The last event not before, and before.
    from_ms: Millis | None = None
    to_ms: Millis | None = None
    #: Of these conversations alone, 100 at most, with commas: which of them the list has now.
    ids: Annotated[str, StringConstraints(max_length=6500, pattern=PLAIN)] | None = None
    #: Time zone in which before: and after: name days.
    tz: Annotated[str, StringConstraints(max_length=64, pattern=PLAIN)] = "UTC"
    #: Where an earlier page ended.
    after: Annotated[str, StringConstraints(max_length=500)] | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@dataclass(frozen=True, slots=True)
class PieceView:
    """Part of a snippet; `hit`: what was searched for."""

    text: str
    hit: bool


@dataclass(frozen=True, slots=True)
class InboxRowView:
    """A conversation as the inbox shows it."""

    conversation_id: str
    state: str
    customer_id: str
    #: As the site signed it, or the address; "" for a customer nobody knows.
    customer_name: str
    language: str
    site: str
    topic: str
    reason: str
    team: str | None
    tags: list[str]
    priority: int
    agent_id: str | None
    agent_name: str | None
    #: Only while it waits, or is a left message.
    waiting_since_ms: int | None
    #: When a person should have answered; only while it waits.
    sla_due_ms: int | None
    parked_until_ms: int | None
    last_at_ms: int
    last_line: str
    #: customer, bot or agent: who said it.
    last_author: str
    #: A person should answer: the customer spoke last.
    unread: bool
    disposition: str | None
    stars: int | None
    #: Where the words stand that were searched for.
    snippet: list[PieceView]


@dataclass(frozen=True, slots=True)
class InboxAnswer:
    """A page; `after` begins the next one, null: there is none. `now_ms`: to tell waits by."""

    rows: list[InboxRowView]
    after: str | None
    now_ms: int


@dataclass(frozen=True, slots=True)
class InboxCountsAnswer:
    """How many conversations each view has; 10,000 stands for that many or more."""

    counts: dict[View, int]


@dataclass(frozen=True, slots=True)
class FilterAsks:
    """What a saved filter asks for: the query of the inbox without a place in it."""

    view: View = View.ALL
    sort: Sort | None = None
    text: Annotated[str, StringConstraints(max_length=300, pattern=PLAIN)] = ""
    state: Word | None = None
    language: Word | None = None
    topic: Word | None = None
    reason: Word | None = None
    team: Word | None = None
    agent: Word | None = None
    tag: Word | None = None
    priority: Annotated[int, Field(ge=0, le=9)] | None = None
    site: Word | None = None
    disposition: Word | None = None
    stars: Annotated[int, Field(ge=1, le=5)] | None = None


@dataclass(frozen=True, slots=True)
class FilterRequest:
    """A filter to be saved."""

    name: Annotated[
        str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True, pattern=PLAIN)
    ]
    asks: FilterAsks
    #: For everybody; by supervisors and admins.
    shared: bool = False


@dataclass(frozen=True, slots=True)
class FilterView:
    """A saved filter."""

    id: str
    name: str
    asks: FilterAsks
    shared: bool
    #: Whether who asks may change it.
    mine: bool


@dataclass(frozen=True, slots=True)
class FiltersAnswer:
    """One's own filters and those that are shared, by name."""

    filters: list[FilterView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """What is done to many conversations at once."""

    conversation_ids: Annotated[
        list[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]],
        Field(min_length=1, max_length=100),
    ]
    act: Literal["tag", "untag", "priority", "close_left"]
    #: For tag and untag.
    tag: Annotated[str, StringConstraints(max_length=64, pattern=PLAIN)] = ""
    #: For priority.
    priority: Annotated[int, Field(ge=0, le=9)] | None = None


@dataclass(frozen=True, slots=True)
class BulkAnswer:
    """How many conversations were changed, and which could not be."""

    changed: int
    failed: list[str]
