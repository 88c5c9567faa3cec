"""Says how many slots there are for a kind of conversation, and who competes for them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handoff_service.domain import Agent
from handoff_service.routing.policy import Requirement, has_room, qualifies


@dataclass(frozen=True, slots=True)
class Slots:
    """How many conversations of a kind agents may hold at once."""

    all: int = 0
    free: int = 0


class Staffing:
    """Who is there; each answer is worked out once."""

    def __init__(self, agents: Iterable[Agent] = ()) -> None:
        """Take the agents who are online."""
        self._agents = tuple(agents)
        self._slots: dict[Requirement, Slots] = {}
        self._fitting: dict[Requirement, frozenset[int]] = {}
        self._shares: dict[tuple[Requirement, Requirement], float] = {}

    def slots(self, kind: Requirement) -> Slots:
        """Return the slots of everybody who may take such a conversation."""
        if kind not in self._slots:
            agents = [self._agents[number] for number in self._who(kind)]
            # One who holds nothing takes what is heavier than an agent, too.
            every = (max(1, agent.capacity // kind.weight) for agent in agents)
            free = (
                max(1, (agent.capacity - agent.load) // kind.weight)
                for agent in agents
                if has_room(agent, kind.weight)
            )
            self._slots[kind] = Slots(sum(every), sum(free))
        return self._slots[kind]

    def settled_for(self, kind: Requirement) -> Requirement:
        """Return what such a conversation will come to.

        Where nobody brings all it needs, it is content with less in a while; languages excepted.
        """
        if self.slots(kind).all:
            return kind
        return kind._replace(skill=None, level=1, team=None)

    def ahead(self, kind: Requirement, before: Mapping[Requirement, int]) -> float:
        """Return how many of those `before` go to the agents of `kind`, as if they were of it.

        A conversation that others may take as well counts for the part of its agents' capacity that
        is in both groups; one that nobody here may take competes with nobody.
        """
        return sum(count * self._share(other, kind) for other, count in before.items())

    def _share(self, other: Requirement, kind: Requirement) -> float:
        pair = (other, kind)
        if pair not in self._shares:
            theirs = self._who(other)
            room, common = self._capacity(theirs), self._capacity(theirs & self._who(kind))
            self._shares[pair] = common / room * other.weight / kind.weight if room else 0.0
        return self._shares[pair]

    def _capacity(self, numbers: Iterable[int]) -> int:
        return sum(self._agents[number].capacity for number in numbers)

    def _who(self, kind: Requirement) -> frozenset[int]:
        if kind not in self._fitting:
            self._fitting[kind] = frozenset(
                number for number, agent in enumerate(self._agents) if qualifies(agent, kind)
            )
        return self._fitting[kind]
