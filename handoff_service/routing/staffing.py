"""Says how many slots there are for a kind of conversation, and who competes for them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from handoff_service.domain import Agent


class Kind(NamedTuple):
    """What waiting conversations have in common that decides who may take them."""

    language: str | None  #: None: any will do
    skill: str | None = None
    level: int = 1
    team: str | None = None

    def fits(self, agent: Agent) -> bool:
        """Whether the agent may take such a conversation, with room or without."""
        if self.language is not None and self.language not in agent.languages:
            return False
        if self.team is not None and self.team not in agent.teams:
            return False
        # Who has no skills listed serves every skill at level 1.
        able = agent.skills.get(self.skill, 0) if agent.skills and self.skill else 1
        return self.skill is None or able >= self.level


@dataclass(frozen=True, slots=True)
class Slots:
    """How many conversations agents may hold at once."""

    all: int = 0
    free: int = 0


class Staffing:
    """Who is there; each answer is worked out once."""

    def __init__(self, agents: Iterable[Agent] = ()) -> None:
        """Take the agents who are online."""
        self._agents = tuple(agents)
        self._slots: dict[Kind, Slots] = {}
        self._fitting: dict[Kind, frozenset[int]] = {}
        self._shares: dict[tuple[Kind, Kind], float] = {}

    def slots(self, kind: Kind) -> Slots:
        """Return the slots of everybody who may take such a conversation."""
        if kind not in self._slots:
            agents = [self._agents[number] for number in self._who(kind)]
            self._slots[kind] = Slots(
                sum(agent.capacity for agent in agents),
                sum(max(0, agent.capacity - agent.load) for agent in agents),
            )
        return self._slots[kind]

    def ahead(self, kind: Kind, before: Mapping[Kind, int]) -> float:
        """Return how many of those `before` go to the agents of `kind`.

        A conversation that others may take as well counts for the part of its slots that are in
        both groups; one that nobody here may take competes with nobody.
        """
        return sum(count * self._share(other, kind) for other, count in before.items())

    def _share(self, other: Kind, kind: Kind) -> float:
        if other == kind:
            return 1.0
        pair = (other, kind)
        if pair not in self._shares:
            both = self._who(other) & self._who(kind)
            slots = self.slots(other).all
            room = sum(self._agents[number].capacity for number in both)
            self._shares[pair] = room / slots if slots else 0.0
        return self._shares[pair]

    def _who(self, kind: Kind) -> frozenset[int]:
        if kind not in self._fitting:
            self._fitting[kind] = frozenset(
                number for number, agent in enumerate(self._agents) if kind.fits(agent)
            )
        return self._fitting[kind]
