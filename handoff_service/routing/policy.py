"""Decides who is served next, and by whom. Pure: no I/O, no clock."""

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from handoff_service.conversation import Needs
from handoff_service.domain import Agent, Presence

#: An agent who passed on a conversation is not asked again sooner than this, not even as the only
#: one: long enough to read the offer's reason to decline and go away, short for a customer.
PAUSE_AFTER_PASS_MS = 10_000
#: Priorities go from 0 to this one, which is served first.
FIRST_PRIORITY = 9
#: One priority weighs more than any difference in time: 2^42 ms are 139 years.
PRIORITY_STEP_MS = 2**42
#: Without a promise of an answer a conversation is ranked as if it were promised within a day.
NO_SLA_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Widening:
    """How long a conversation waits before it asks for less; all in ms."""

    level_ms: int = 30_000  #: for the level of its skill, then any level does
    skill_ms: int = 60_000  #: for its skill
    team_ms: int = 90_000  #: for its team
    wanted_agent_ms: int = 120_000  #: for the agent it was passed to
    language_ms: int = 60_000  #: for its language, then the customer is asked

    def steps(self) -> dict[str, int]:
        """Return what widens by itself, and after how long (ms), in the order of asking less."""
        return {
            "level": self.level_ms,
            "skill": self.skill_ms,
            "team": self.team_ms,
            "wanted_agent": self.wanted_agent_ms,
        }


@dataclass(frozen=True, slots=True)
class Waiting:
    """A conversation that waits for a person: what matters to the choice of one."""

    conversation_id: str
    epoch: int
    language: str
    waiting_since_ms: int
    needs: Needs = field(default_factory=Needs)
    #: Since when these needs count: the request, or the latest transfer.
    needs_since_ms: int = 0
    left: bool = False  #: a message that was left: comes after those who wait
    returned: bool = False  #: its agent was lost: comes first
    any_language: bool = False  #: the customer agreed to another language
    consent_asked: bool = False
    told: tuple[str, ...] = ()  #: what people know it gave up
    wanted_agent: str | None = None
    known_agent: str | None = None  #: who served this customer last
    passed_by: tuple[str, ...] = ()  #: who declined or let it expire, latest last
    passed_ms: int | None = None  #: when the latest of them did


class Requirement(NamedTuple):
    """What an agent must bring; conversations of equal requirements compete for the same agents."""

    language: str | None  #: None: any
    skill: str | None
    level: int
    team: str | None
    agent_id: str | None  #: nobody else
    weight: int
    #: Another language will do when nobody online speaks this one: the customer of a left message
    #: cannot be asked, and somebody who has to translate is better than silence.
    lenient: bool


def order(waiting: Waiting) -> tuple[bool, int, int, str]:
    """Return the sort key of those who wait, smallest first; strict.

    Left messages last. Then whose agent was lost, then priority, then the nearest breach of what
    was promised, then the original waiting time, then the id.
    """
    since = waiting.waiting_since_ms
    return waiting.left, score(waiting), since, waiting.conversation_id


def score(waiting: Waiting) -> int:
    """Return the place in the sorted set `queue`: the Lua side computes the very same."""
    needs = waiting.needs
    priority = FIRST_PRIORITY + 1 if waiting.returned else needs.priority
    due_ms = waiting.waiting_since_ms + (needs.sla_ms or NO_SLA_MS)
    return (FIRST_PRIORITY - priority) * PRIORITY_STEP_MS + due_ms


def widened(waiting: Waiting, widening: Widening, *, now_ms: int) -> tuple[str, ...]:
    """Return what the conversation no longer insists on at `now_ms`."""
    return tuple(what for what, moment in _moments(waiting, widening) if moment <= now_ms)


def next_widening_ms(waiting: Waiting, widening: Widening, *, now_ms: int) -> int | None:
    """Return when it asks for less than at `now_ms`; None: never."""
    later = [moment for _, moment in _moments(waiting, widening) if moment > now_ms]
    return min(later, default=None)


def requirement(waiting: Waiting, widening: Widening, *, now_ms: int) -> Requirement:
    """Return what an agent must bring at `now_ms`."""
    needs, dropped = waiting.needs, widened(waiting, widening, now_ms=now_ms)
    skill = None if "skill" in dropped else needs.skill
    wanted = None if "wanted_agent" in dropped else waiting.wanted_agent
    return Requirement(
        language=None if waiting.any_language else waiting.language,
        skill=skill,
        level=1 if skill is None or "level" in dropped else needs.level,
        team=None if "team" in dropped else needs.team,
        agent_id=None if wanted in waiting.passed_by else wanted,
        weight=needs.weight,
        lenient=waiting.left,
    )


def without_absent(need: Requirement, online: Container[str]) -> Requirement:
    """Return what is needed while only these are online: who is not there is not waited for."""
    absent = need.agent_id is not None and need.agent_id not in online
    return need._replace(agent_id=None) if absent else need


def qualifies(agent: Agent, need: Requirement, *, spoken: bool = True) -> bool:
    """Return whether the agent brings what is needed; `spoken`: somebody online speaks it.

    An agent without any skills listed serves every skill at level 1. Whoever was asked for by name
    needs nothing else: a person decided that.
    """
    if need.agent_id is not None:
        return need.agent_id == agent.agent_id
    speaks = need.language is None or need.language in agent.languages
    if not speaks and (spoken or not need.lenient):
        return False
    if need.skill is not None:
        level = agent.skills.get(need.skill, 0) if agent.skills else 1
        if level < need.level:
            return False
    return need.team is None or need.team in agent.teams


def has_room(agent: Agent, weight: int) -> bool:
    """Return whether so much fits; one who holds nothing takes what is heavier than an agent."""
    return agent.load == 0 or agent.load + weight <= agent.capacity


def rank(agent: Agent) -> tuple[float, int, str]:
    """Return the sort key of agents: load in proportion to capacity, longest idle, id."""
    return agent.load / agent.capacity, agent.last_assigned_ms, agent.agent_id


def choose_agent(
    waiting: Waiting,
    agents: Iterable[Agent],
    *,
    need: Requirement,
    now_ms: int,
    spoken: bool = True,
) -> Agent | None:
    """Return the agent to offer the conversation to, which needs `need` now; None: it has to wait.

    Who passed on it comes after all others, the latest at the very end, and only after a pause.
    Then the one who knows the customer, then by `rank`. `spoken`: somebody online speaks the
    conversation's language.
    """
    paused = now_ms < pause_ends_ms(waiting)
    fitting = [
        agent
        for agent in agents
        if agent.presence is Presence.ONLINE
        and qualifies(agent, need, spoken=spoken)
        and has_room(agent, need.weight)
        and not (paused and agent.agent_id in waiting.passed_by)
    ]
    return min(fitting, key=lambda agent: _preference(agent, waiting), default=None)


def pause_ends_ms(waiting: Waiting) -> int:
    """Return when those who passed on it may be asked again; 0 when nobody did."""
    return 0 if waiting.passed_ms is None else waiting.passed_ms + PAUSE_AFTER_PASS_MS


def asks_consent_ms(waiting: Waiting, widening: Widening, *, spoken: bool) -> int | None:
    """Return from when on (0: now) to ask whether another language will do; None: never."""
    if waiting.left or waiting.any_language or waiting.consent_asked:
        return None
    return waiting.needs_since_ms + widening.language_ms if spoken else 0


def _preference(agent: Agent, waiting: Waiting) -> tuple[int, bool, tuple[float, int, str]]:
    passed = waiting.passed_by
    turn = passed.index(agent.agent_id) + 1 if agent.agent_id in passed else 0
    return turn, agent.agent_id != waiting.known_agent, rank(agent)


def _moments(waiting: Waiting, widening: Widening) -> list[tuple[str, int]]:
    """Return when each need that the conversation has is dropped, ms."""
    needs = waiting.needs
    has = {
        "level": needs.skill is not None and needs.level > 1,
        "skill": needs.skill is not None,
        "team": needs.team is not None,
        "wanted_agent": waiting.wanted_agent is not None,
    }
    steps = widening.steps().items()
    return [(what, waiting.needs_since_ms + after) for what, after in steps if has[what]]
