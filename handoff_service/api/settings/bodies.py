"""The bodies of settings over HTTP."""

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from handoff_service.archive.setting_versions import LONGEST_NOTE

Note = Annotated[str, StringConstraints(max_length=LONGEST_NOTE)]
Number = Annotated[int, Field(ge=0, le=2**31)]


@dataclass(frozen=True, slots=True)
class AreaView:
    """One area in the list of all."""

    area: str
    #: The newest version; 0: nobody has saved, the file stands.
    version: int
    at_ms: int
    author: str
    author_name: str
    #: Whether who asks may save it.
    may_change: bool
    #: Why the newest version does not hold in this process; "": it does.
    problem: str


@dataclass(frozen=True, slots=True)
class SettingsAnswer:
    """Every area that the caller may see."""

    #: `console`, or `files`: then nothing can be saved here (BATON_SETTINGS_FROM).
    kept_in: str
    areas: list[AreaView]


@dataclass(frozen=True, slots=True)
class AreaAnswer:
    """What holds in an area, as a document and as YAML."""

    area: str
    version: int
    at_ms: int
    author: str
    author_name: str
    note: str
    restored: int | None
    document: dict[str, Any]
    text: str
    #: `console` or `files`.
    kept_in: str
    may_change: bool
    #: Which version holds in this process: an older one when the newest cannot be used.
    standing: int
    problem: str
    #: What holds where the document says nothing, as far as that is no matter of course.
    usual: dict[str, Any]
    #: Least and most of numbers, by name.
    limits: dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class WishBody:
    """What is to hold: a document, or YAML."""

    document: dict[str, Any] | None = None
    text: Annotated[str, StringConstraints(max_length=1_000_000)] | None = None


@dataclass(frozen=True, slots=True)
class SaveBody:
    """What is to hold, and the version it was made from."""

    base_version: Number
    document: dict[str, Any] | None = None
    text: Annotated[str, StringConstraints(max_length=1_000_000)] | None = None
    note: Note = ""


@dataclass(frozen=True, slots=True)
class RestoreBody:
    """Which version is to hold again."""

    version: Number
    #: As it was seen; without it whatever holds is replaced.
    base_version: Number | None = None
    note: Note = ""


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One thing that is wrong."""

    field: str
    line: int
    message: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One place that would be otherwise; null: nothing stands there."""

    where: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, slots=True)
class EffectView:
    """One thing that would be otherwise at this moment."""

    code: str
    name: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class DutyView:
    """Whether a team would be there now, and when it is next."""

    team: str
    open: bool
    #: Milliseconds since the epoch; null: not within a year, or it is there.
    opens_next_ms: int | None


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """What a dry run found."""

    problems: list[ProblemView] = field(default_factory=list)
    changes: list[ChangeView] = field(default_factory=list)
    effects: list[EffectView] = field(default_factory=list)
    #: The wish either way; null: what was sent cannot be written so.
    document: dict[str, Any] | None = None
    text: str | None = None
    #: Of hours: what the teams do now.
    duties: list[DutyView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version in the history."""

    version: int
    at_ms: int
    author: str
    author_name: str
    note: str
    restored: int | None


@dataclass(frozen=True, slots=True)
class HistoryAnswer:
    """Versions, the latest first; `after` for those before them, if there are any."""

    versions: list[VersionView]
    after: str | None


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """A page of the history."""

    after: Annotated[str, StringConstraints(max_length=20, pattern=r"^\d*$")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@dataclass(frozen=True, slots=True)
class VersionAnswer:
    """One version, and what it changed."""

    version: int
    at_ms: int
    author: str
    author_name: str
    note: str
    restored: int | None
    document: dict[str, Any]
    text: str
    #: Against the version before it.
    changes: list[ChangeView]
    #: From this version to the newest: what bringing it back would change, the other way round.
    since: list[ChangeView]
