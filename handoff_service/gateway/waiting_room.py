"""The customers of this process who wait: their places, how long it takes, that they are here."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from heapq import nsmallest

from handoff_service.clock import Clock
from handoff_service.errors import StoreUnavailable
from handoff_service.gateway.timekeeper import Timekeeper
from handoff_service.routing.policy import Requirement
from handoff_service.routing.staffing import Staffing
from handoff_service.routing.wait import Interval, Unknown, forecast
from handoff_service.store import Store

logger = logging.getLogger(__name__)

#: How often it is noted that customers are here, in seconds: many times within the shortest
#: BATON_ABANDON_S.
PRESENT_S = 5.0
#: Who is so near the head of the line is told of every step; others not more often than TOLD_S.
NEAR = 3
TOLD_S = 1.0
#: Telling one customer takes some 50 µs; told in turns of this many seconds each, all together
#: take a twentieth of the process.
TURN_S = 0.001
#: So many are looked up at once, whoever was longest ago first, the rest by the next looks: nobody
#: else here has to wait for them, and nobody is forgotten. 500 take some 30 ms.
MOST_AT_ONCE = 500
#: Who is staffed is read this often at most, in seconds: a thousand agents are a long answer.
STAFF_S = 2.0


@dataclass(frozen=True, slots=True)
class Standing:
    """What one customer is told of the line."""

    place: int | None = None
    wait: Interval | None = None  #: None: not known, or not known yet


UNKNOWN = Standing()


class Visitor:
    """One waiting customer here, with every tab of theirs."""

    __slots__ = ("looked_s", "standing", "tabs")

    def __init__(self) -> None:
        """Nothing is known and nobody was told."""
        self.tabs: list[Callable[[], None]] = []
        self.standing = UNKNOWN
        self.looked_s = float("-inf")


class WaitingRoom:
    """Reads the line once for all of them, and only while there are any."""

    def __init__(self, store: Store, *, clock: Clock, timekeeper: Timekeeper) -> None:
        """Read the line of the desk of `store`."""
        self._store, self._clock, self._timekeeper = store, clock, timekeeper
        self._visitors: dict[str, Visitor] = {}
        self._kinds: dict[str, Requirement] = {}
        self._staffing = Staffing()
        self._staff_read_s, self._staff_current = float("-inf"), False

    def enter(self, conversation_id: str, tell: Callable[[], None]) -> None:
        """Let a tab be told whenever the customer's standing changes."""
        self._visitors.setdefault(conversation_id, Visitor()).tabs.append(tell)

    def leave(self, conversation_id: str, tell: Callable[[], None]) -> None:
        """Tell this tab no more."""
        visitor = self._visitors[conversation_id]
        visitor.tabs.remove(tell)
        if not visitor.tabs:
            del self._visitors[conversation_id]

    def standing(self, conversation_id: str) -> Standing:
        """Return what was found last; nothing of a customer who is not here."""
        visitor = self._visitors.get(conversation_id)
        return visitor.standing if visitor else UNKNOWN

    def touch(self) -> None:
        """Say that agents or their loads may have changed."""
        self._staff_current = False

    def forget(self, conversation_id: str) -> None:
        """Say that this conversation needs another agent than before."""
        self._kinds.pop(conversation_id, None)

    async def look(self, now_s: float) -> bool:
        """Read the line and tell those whose standing changed; return whether all are up to date.

        Raises StoreUnavailable.
        """
        if not self._visitors:
            return True  # what is known of the line is kept for who comes next
        await self._read_staff(now_s)
        line = await self._store.line.whole()
        await self._read_kinds(line)
        return self._tell(line, now_s) and self._staff_current

    async def keep_present(self) -> None:
        """Note again and again that these customers are here, for ever."""
        while True:
            try:
                await self.note_present()
            except StoreUnavailable:
                logger.warning("waiting customers cannot be noted for now")
            await asyncio.sleep(PRESENT_S)

    async def note_present(self) -> None:
        """Note that these customers are here. Raises StoreUnavailable."""
        await self._store.line.attend(tuple(self._visitors), now_ms=self._clock.now_ms())

    async def _read_staff(self, now_s: float) -> None:
        if self._staff_current or now_s - self._staff_read_s < STAFF_S:
            return
        self._staff_current = True  # beforehand: what changes meanwhile makes it stale again
        try:
            self._staffing = Staffing(await self._store.agents.online())
        except StoreUnavailable:
            self._staff_current = False
            raise
        self._staff_read_s = now_s

    async def _read_kinds(self, line: list[str]) -> None:
        for name in self._kinds.keys() - set(line):
            del self._kinds[name]
        self._kinds |= await self._store.line.kinds(
            [name for name in line if name not in self._kinds]
        )

    def _tell(self, line: list[str], now_s: float) -> bool:
        """Tell those whose turn it is what is new; return whether nobody is left for later."""
        due, all_told = self._due(now_s), True
        before: Counter[Requirement] = Counter()
        for place, name in enumerate(line, start=1):
            visitor, kind = self._visitors.get(name), self._kinds.get(name)
            kind = kind and self._staffing.settled_for(kind)
            if visitor is not None:
                if name in due or place <= NEAR:
                    visitor.looked_s = now_s
                    self._tell_one(name, visitor, self._standing(place, kind, before))
                elif place != visitor.standing.place:
                    all_told = False
            if kind is not None:
                before[kind] += 1
        return all_told

    def _due(self, now_s: float) -> Set[str]:
        until_s = now_s - max(TOLD_S, len(self._visitors) * TURN_S)
        due = ((v.looked_s, name) for name, v in self._visitors.items() if v.looked_s <= until_s)
        return {name for _, name in nsmallest(MOST_AT_ONCE, due)}

    def _tell_one(self, name: str, visitor: Visitor, fresh: Standing) -> None:
        if fresh == visitor.standing:
            return
        if fresh.wait is not None:
            self._timekeeper.promise(name, fresh.wait)
        visitor.standing = fresh
        for tell in visitor.tabs:
            tell()

    def _standing(
        self, place: int, kind: Requirement | None, before: Mapping[Requirement, int]
    ) -> Standing:
        if kind is None:
            return Standing(place)
        slots = self._staffing.slots(kind)
        ahead = self._staffing.ahead(kind, before)
        told = forecast(ahead, slots.all, free=slots.free, pace=self._timekeeper.pace(kind))
        if isinstance(told, Unknown):
            return Standing(place)
        return Standing(place, told.interval(self._timekeeper.width))
