"""What the operations of reports are asked, and answer."""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

#: A moment, in ms since the epoch: 1970 to 2100.
Moment = Annotated[int, Field(ge=0, le=4_102_444_800_000)]
Zone = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Word = Annotated[str, StringConstraints(max_length=200)]
#: dimension:value; of one dimension, any of the values; of several, all of them.
Filter = Annotated[str, StringConstraints(pattern=r"^[a-z_]+:", max_length=260)]
By = Literal[
    "none", "day", "hour", "weekday", "language", "site", "team", "agent", "topic", "reason",
    "article", "index_version", "bot_release",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsQuery:
    """Which numbers are asked for; `to_ms` itself is left out."""

    from_ms: Moment
    to_ms: Moment
    tz: Zone = "UTC"
    by: By = "none"
    filter: Annotated[list[Filter], Field(max_length=20)] = field(default_factory=list)
    #: Ids; none: all of them.
    metric: Annotated[list[Word], Field(max_length=60)] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class BehindQuery:
    """Which conversations are asked for: those behind one number, or behind a part of it."""

    from_ms: Moment
    to_ms: Moment
    metric: Word
    #: hits or misses of a ratio, or one of the number's parts.
    part: Word = ""
    tz: Zone = "UTC"
    by: By = "none"
    #: Of the group; needed unless `by` is none.
    key: Word | None = None
    filter: Annotated[list[Filter], Field(max_length=20)] = field(default_factory=list)
    after: Word = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """One number; its words are the texts `metric_ID` and `metric_ID_is`."""

    id: str
    unit: str
    better: str
    title_key: str
    text_key: str
    version: int
    #: What can be asked for as a part.
    parts: list[str]


@dataclass(frozen=True, slots=True)
class DefinitionsAnswer:
    """Every number there is, in the order in which they are shown."""

    definitions: list[DefinitionView]


@dataclass(frozen=True, slots=True)
class FigureView:
    """A value (null: nothing to count), what it was counted from, its 95 % interval."""

    value: float | None
    count: int
    low: float | None = None
    high: float | None = None
    parts: dict[str, int] | None = None


@dataclass(frozen=True, slots=True)
class GroupView:
    """The numbers of one group."""

    key: str
    label: str
    values: dict[str, FigureView]


@dataclass(frozen=True, slots=True)
class MetricsAnswer:
    """Numbers by id, whole and by group; of more than 500 groups the largest."""

    from_ms: int
    to_ms: int
    tz: str
    by: str
    #: As of when: what is not known yet may be later.
    now_ms: int
    #: Conversations whose latest events are not counted yet.
    due: int
    left_off: int
    total: dict[str, FigureView]
    groups: list[GroupView]


@dataclass(frozen=True, slots=True)
class BehindView:
    """One conversation, and when it counted."""

    conversation_id: str
    at_ms: int
    #: Of a duration: how long, ms.
    value: int | None
    customer_name: str
    language: str
    state: str
    agent_name: str | None
    topic: str | None
    reason: str | None


@dataclass(frozen=True, slots=True)
class BehindAnswer:
    """Conversations, the latest first; `after` of the next page, null: there is none."""

    conversations: list[BehindView]
    count: int
    after: str | None
