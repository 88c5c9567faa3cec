"""What the floor's picture consists of, and what it is made of; times in ms since the epoch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

from handoff_service.conversation import Conversation
from handoff_service.domain import Agent, Json
from handoff_service.floor.fit import Fit
from handoff_service.routing.policy import Waiting


class Risk(StrEnum):
    """How it stands with what was promised (routing rules: `sla`)."""

    NONE = "none"  #: nothing was promised
    FINE = "fine"  #: there is time
    AT_RISK = "at_risk"  #: little is left, or the forecast says it will be over
    BREACHED = "breached"  #: it is over


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A customer who waits; times in ms since the epoch."""

    conversation_id: str
    epoch: int
    place: int | None  #: in line, from 1; None: it is before an agent now
    since_ms: int
    due_ms: int | None  #: when a person should have answered
    risk: Risk
    wait_ms: tuple[int, int] | None  #: forecast: from, to; None: not known
    fit: Fit
    language: str
    skill: str | None
    level: int
    team: str | None
    priority: int
    tier: str | None
    returned: bool  #: goes before everybody else: the one who had it is gone
    topic: str
    reason: str
    excerpt: str
    customer: str  #: name as the site signed it, "" when it did not
    agent_id: str | None  #: before whom it is now
    agent_name: str | None
    deadline_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkRow:
    """A conversation that an agent has."""

    conversation_id: str
    epoch: int
    state: str
    since_ms: int | None
    unanswered_ms: int | None  #: since when the customer waits for a word of the agent
    language: str
    topic: str
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentRow:
    """Somebody who is there: online, away, or with conversations still."""

    agent_id: str
    name: str
    presence: str
    reason: str
    since_ms: int  #: 0: not known
    load: int
    capacity: int
    usual_capacity: int
    languages: tuple[str, ...]
    skills: Mapping[str, int]
    teams: tuple[str, ...]
    talks: tuple[TalkRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """How one team, or one language, stands."""

    name: str
    waiting: int
    longest_since_ms: int | None
    online: int
    load: int
    capacity: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """The numbers above the tables."""

    waiting: int
    longest_since_ms: int | None
    at_risk: int
    breached: int
    counted: int  #: of how many of those who wait the risk was looked at: the first in line
    left: int  #: messages that were left and nobody has taken
    parked: int
    online: int
    away: int
    load: int  #: of those online
    capacity: int  #: of those online
    answered_1h: int | None  #: None: the history does not answer
    abandoned_1h: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Suddenly many customers ask about the same (floor/spikes.py)."""

    id: str  #: stays the same while it goes on
    question: str  #: the one nearest to all others
    language: str
    words: tuple[str, ...]  #: what they say more often than others do
    count: int  #: customers within the last hour
    usual: float  #: how many the history foretells for as busy an hour
    minutes: int  #: since the first of them
    conversation_ids: tuple[str, ...]  #: the latest first

    @classmethod
    def from_json(cls, raw: Json) -> Self:
        """Read what `floor/spotter.py` wrote; fields of another version are left out."""
        return cls(**{name: raw[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The whole floor at `at_ms`."""

    at_ms: int
    totals: Totals
    waiting: tuple[WaitingRow, ...]
    agents: tuple[AgentRow, ...]
    more_agents: int  #: who are there and not shown
    teams: tuple[Group, ...]
    languages: tuple[Group, ...]
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was read of the live store for one picture."""

    waiting_count: int
    left_count: int
    parked_count: int
    line: Sequence[Waiting]  #: the first in line, in order
    offered: Sequence[str] = ()  #: before an agent now
    agents: Sequence[Agent] = ()
    more_agents: int = 0
    held: Mapping[str, Sequence[str]] = field(default_factory=dict)  #: agent → conversations
    talks: Mapping[str, Conversation] = field(default_factory=dict)
