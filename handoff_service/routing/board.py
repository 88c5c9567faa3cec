"""Holds who waits and who is free, so that the next matches cost no search. Pure, in memory.

The rules are those of routing/policy.py: the board only narrows down whom they have to look at.
"""

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Container, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TypeAlias

from sortedcontainers import SortedDict, SortedList

from handoff_service.domain import Agent, Presence
from handoff_service.routing.policy import (
    Requirement,
    Waiting,
    Widening,
    asks_consent_ms,
    choose_agent,
    has_room,
    next_widening_ms,
    order,
    pause_ends_ms,
    qualifies,
    rank,
    requirement,
    widened,
    without_absent,
)

#: Agents with the same of these can stand in for each other.
Profile: TypeAlias = tuple[frozenset[str], frozenset[tuple[str, int]], frozenset[str]]
#: Conversations of one requirement; one that somebody passed on stands alone, by its id.
Class: TypeAlias = tuple[Requirement, str]
#: What fits an agent who holds nothing.
ANY_WEIGHT = 1 << 30


@dataclass(frozen=True, slots=True)
class Match:
    """A conversation and the agent it should be offered to."""

    waiting: Waiting
    agent_id: str

    @property
    def offer(self) -> tuple[str, int, str]:
        """Return conversation, epoch, agent."""
        return self.waiting.conversation_id, self.waiting.epoch, self.agent_id


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do now, and when something is due although nothing happens."""

    matches: tuple[Match, ...]  #: offers to make, in the order of service
    to_ask: tuple[Waiting, ...]  #: whose customers to ask whether another language will do
    widened: tuple[tuple[Waiting, str], ...]  #: who no longer insists, and on what
    look_again_ms: int | None
    more: bool  #: some of it was left to the next plan


@dataclass(slots=True, eq=False)
class _Pool:
    """The agents of one profile who are online."""

    example: Agent
    online: int = 0
    #: How much still fits → those with so much room, by rank.
    rooms: SortedDict = field(default_factory=SortedDict)

    def best(self, weight: int, *, without: Container[str]) -> tuple[float, int, str] | None:
        """Return the first by rank who has room, and is none of `without`."""
        firsts = (
            next((ranked for ranked in self.rooms[room] if ranked[2] not in without), None)
            for room in self.rooms.irange(minimum=weight)
        )
        return min((first for first in firsts if first is not None), default=None)


class Board:
    """The queue and the floor. Any change costs O(log n); a plan, the number of classes besides."""

    def __init__(self, widening: Widening) -> None:
        """Start empty; `widening` says how long conversations insist on what they need."""
        self._widening = widening
        self._agents: dict[str, Agent] = {}  # online
        self._speakers: Counter[str] = Counter()
        self._pools: dict[Profile, _Pool] = {}
        self._free: set[_Pool] = set()  # those with anybody who has room
        self._fitting: dict[tuple[Requirement, bool], frozenset[_Pool]] = {}  # a cache
        self._waiting: dict[str, Waiting] = {}
        self._classes: dict[Class, SortedList] = {}  # → order of service
        self._class_of: dict[str, Class] = {}
        self._unasked: defaultdict[str, SortedList] = defaultdict(SortedList)  # by language
        self._untold: deque[tuple[Waiting, str]] = deque()
        self._due: list[tuple[int, str]] = []  # heap: when a conversation is to be looked at again
        self._due_at: dict[str, int] = {}  # what of it still holds

    def __contains__(self, conversation_id: str) -> bool:
        """Return whether the conversation waits."""
        return conversation_id in self._waiting

    @property
    def waiting(self) -> frozenset[str]:
        """Return the ids of all who wait."""
        return frozenset(self._waiting)

    @property
    def agent_ids(self) -> frozenset[str]:
        """Return the ids of all who are online."""
        return frozenset(self._agents)

    def put_agent(self, agent: Agent) -> None:
        """Note an agent as they are now; one who is not online is dropped."""
        if agent.presence is not Presence.ONLINE:
            self.drop_agent(agent.agent_id)
            return
        profile, before = _profile(agent), self._agents.get(agent.agent_id)
        if before is not None and _profile(before) == profile:
            self._unrank(before, self._pools[profile])
        else:
            self.drop_agent(agent.agent_id)
            self._speakers.update(agent.languages)
            if profile not in self._pools:
                self._pools[profile] = _Pool(agent)
                self._fitting.clear()
            self._pools[profile].online += 1
        self._agents[agent.agent_id] = agent
        self._rank(agent, self._pools[profile])

    def drop_agent(self, agent_id: str) -> None:
        """Forget an agent, if known."""
        agent = self._agents.pop(agent_id, None)
        if agent is None:
            return
        self._speakers.subtract(agent.languages)
        profile = _profile(agent)
        pool = self._pools[profile]
        pool.online -= 1
        self._unrank(agent, pool)
        if not pool.online:
            del self._pools[profile]
            self._fitting.clear()

    def put(self, waiting: Waiting, *, now_ms: int) -> None:
        """Note a conversation as it is now."""
        self.drop(waiting.conversation_id)
        self._waiting[waiting.conversation_id] = waiting
        self._classify(waiting, now_ms=now_ms)
        ask_ms = asks_consent_ms(waiting, self._widening, spoken=True)
        if ask_ms is not None:
            self._unasked[waiting.language].add((ask_ms, waiting.conversation_id))

    def drop(self, conversation_id: str) -> None:
        """Forget a conversation, if it waits here."""
        waiting = self._waiting.pop(conversation_id, None)
        if waiting is None:
            return
        self._unclassify(waiting)
        ask_ms = asks_consent_ms(waiting, self._widening, spoken=True)
        if ask_ms is not None:
            self._unasked[waiting.language].discard((ask_ms, conversation_id))

    def plan(self, *, now_ms: int, limit: int) -> Plan:
        """Return what is due, at most `limit` of each kind.

        Matched conversations leave the board, and agents are counted as having taken what they are
        to be offered: whoever carries the plan out puts back what could not be done.
        """
        self._widen(now_ms)
        matches = tuple(self._matches(now_ms=now_ms, limit=limit))
        to_ask = tuple(islice(self._to_ask(now_ms), limit))
        told = tuple(self._untold.popleft() for _ in range(min(limit, len(self._untold))))
        more = bool(self._untold) or limit in {len(matches), len(to_ask)}
        return Plan(matches, to_ask, told, self._next_look(now_ms), more)

    @property
    def languages(self) -> list[str]:
        """Return what those who are online speak, the language of most first."""
        spoken = [language for language, count in self._speakers.items() if count > 0]
        return sorted(spoken, key=lambda language: (-self._speakers[language], language))

    # ── conversations ───────────────────────────────────────────────────────────────────────────

    def _classify(self, waiting: Waiting, *, now_ms: int) -> None:
        need = requirement(waiting, self._widening, now_ms=now_ms)
        kind = (need, waiting.conversation_id if waiting.passed_by else "")
        self._class_of[waiting.conversation_id] = kind
        self._classes.setdefault(kind, SortedList()).add(order(waiting))
        if not waiting.left:
            given_up = widened(waiting, self._widening, now_ms=now_ms)
            self._untold.extend((waiting, what) for what in given_up if what not in waiting.told)
            self._waiting[waiting.conversation_id] = replace(waiting, told=given_up)
        later = next_widening_ms(waiting, self._widening, now_ms=now_ms)
        moments = [
            moment for moment in (later, pause_ends_ms(waiting)) if moment and moment > now_ms
        ]
        if moments:
            self._due_at[waiting.conversation_id] = min(moments)
            heapq.heappush(self._due, (min(moments), waiting.conversation_id))

    def _unclassify(self, waiting: Waiting) -> None:
        kind = self._class_of.pop(waiting.conversation_id)
        self._classes[kind].remove(order(waiting))
        if not self._classes[kind]:
            del self._classes[kind]
        self._due_at.pop(waiting.conversation_id, None)

    def _widen(self, now_ms: int) -> None:
        """Sort those anew whose requirements change by now."""
        while self._due and self._due[0][0] <= now_ms:
            moment, conversation_id = heapq.heappop(self._due)
            if self._due_at.get(conversation_id) == moment:
                waiting = self._waiting[conversation_id]
                self._unclassify(waiting)
                self._classify(waiting, now_ms=now_ms)

    def _to_ask(self, now_ms: int) -> Iterator[Waiting]:
        spoken_here = set(self.languages)
        for language, unasked in self._unasked.items():
            if not spoken_here - {language}:
                continue  # There is no other to ask about. With nobody there that is told apart.
            spoken = language in spoken_here
            while unasked and (not spoken or unasked[0][0] <= now_ms):
                _, conversation_id = unasked.pop(0)
                yield self._waiting[conversation_id]

    def _next_look(self, now_ms: int) -> int | None:
        moments = [unasked[0][0] for unasked in self._unasked.values() if unasked]
        if self._due:
            moments.append(self._due[0][0])
        return min((moment for moment in moments if moment > now_ms), default=None)

    # ── agents ──────────────────────────────────────────────────────────────────────────────────

    def _rank(self, agent: Agent, pool: _Pool) -> None:
        if has_room(agent, 1):
            pool.rooms.setdefault(_room(agent), SortedList()).add(rank(agent))
            self._free.add(pool)

    def _unrank(self, agent: Agent, pool: _Pool) -> None:
        if not has_room(agent, 1):
            return
        ranked = pool.rooms[_room(agent)]
        ranked.remove(rank(agent))
        if not ranked:
            del pool.rooms[_room(agent)]
        if not pool.rooms:
            self._free.discard(pool)

    # ── matches ─────────────────────────────────────────────────────────────────────────────────

    def _matches(self, *, now_ms: int, limit: int) -> Iterator[Match]:
        if not self._free:
            return
        heads = [(line[0], kind) for kind, line in self._classes.items()]
        heapq.heapify(heads)
        while heads and limit and self._free:
            (*_, conversation_id), kind = heads[0]
            waiting = self._waiting[conversation_id]
            agent = self._choose(waiting, kind[0], now_ms=now_ms)
            if agent is None:
                heapq.heappop(heads)  # Nobody fits the class: agents only get fuller in one plan.
                continue
            self.drop(conversation_id)
            self.put_agent(replace(agent, load=agent.load + waiting.needs.weight))
            limit -= 1
            yield Match(waiting, agent.agent_id)
            line = self._classes.get(kind)
            if line:
                heapq.heapreplace(heads, (line[0], kind))
            else:
                heapq.heappop(heads)

    def _choose(self, waiting: Waiting, need: Requirement, *, now_ms: int) -> Agent | None:
        need = without_absent(need, self._agents)
        spoken = need.language is None or self._speakers[need.language] > 0
        return choose_agent(
            waiting,
            self._candidates(waiting, need, spoken=spoken),
            need=need,
            now_ms=now_ms,
            spoken=spoken,
        )

    def _candidates(self, waiting: Waiting, need: Requirement, *, spoken: bool) -> Iterator[Agent]:
        """Yield the best of those who fit, and those who are special to this conversation."""
        for agent_id in (*waiting.passed_by, waiting.known_agent, need.agent_id):
            if agent_id in self._agents:
                yield self._agents[agent_id]
        if need.agent_id is None:
            fitting = self._free & self._pools_for(need, spoken=spoken)
            bests = (pool.best(need.weight, without=waiting.passed_by) for pool in fitting)
            best = min((best for best in bests if best is not None), default=None)
            if best is not None:
                yield self._agents[best[2]]

    def _pools_for(self, need: Requirement, *, spoken: bool) -> frozenset[_Pool]:
        found = self._fitting.get((need, spoken))
        if found is None:
            pools = self._pools.values()
            found = frozenset(
                pool for pool in pools if qualifies(pool.example, need, spoken=spoken)
            )
            self._fitting[need, spoken] = found
        return found


def _profile(agent: Agent) -> Profile:
    languages, teams = frozenset(agent.languages), frozenset(agent.teams)
    return languages, frozenset(agent.skills.items()), teams


def _room(agent: Agent) -> int:
    return ANY_WEIGHT if agent.load == 0 else agent.capacity - agent.load
