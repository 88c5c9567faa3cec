"""Keeps how long talks take and how promised waits end, as this process hears of them."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from handoff_service.clock import Clock
from handoff_service.domain import EventType, State
from handoff_service.errors import StoreUnavailable
from handoff_service.metrics import Metrics
from handoff_service.routing.policy import Requirement
from handoff_service.routing.wait import FEW, MEASURED, PLAIN, Interval, Pace, Times, width
from handoff_service.store import Store
from handoff_service.store.log import LogEntry
from handoff_service.store.pace import KEPT, Handled, Recent, Waited

logger = logging.getLogger(__name__)

#: What was heard is written down, and read together with what others wrote, this often, seconds.
PAUSE_S = 5.0
#: From so many talks of its own on, a language or skill has its own pace instead of the desk's.
OWN_PACE = 3 * FEW
#: States in which an agent's slot is taken.
TAKEN = frozenset({State.OFFERED, State.ASSIGNED, State.WRAP_UP})


@dataclass(slots=True)
class Talk:
    """A slot that is taken, times in ms on the clock of Redis, alike for every process."""

    offered_ms: int
    assigned_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """A slot that is free again: conversation, number of the event, times in ms."""

    conversation_id: str
    seq: int
    answer_ms: int
    handle_ms: int


@dataclass(frozen=True, slots=True)
class Promise:
    """What a customer was told first, and when, in ms."""

    interval: Interval
    at_ms: int


class Timekeeper:
    """Listens to the log: every process hears every talk, and the same talk is noted once."""

    def __init__(self, store: Store, *, clock: Clock, metrics: Metrics) -> None:
        """Begin with nothing known."""
        self._store, self._clock, self._metrics = store, clock, metrics
        self._talks: dict[str, Talk] = {}
        self._promises: dict[str, Promise] = {}
        self._ended: deque[Ended] = deque(maxlen=KEPT)
        self._waited: deque[Waited] = deque(maxlen=KEPT)
        self._recent = Recent()
        self._paces: dict[Requirement, Pace] = {}
        self._hear: list[Callable[[], None]] = []
        self.width = PLAIN  #: of the next interval, as a score
        self.held = self.measured = 0  #: of the latest promises: kept, and all

    @property
    def handled(self) -> int:
        """How many talks the pace is known from."""
        return len(self._recent.handled)

    def on_news(self, hear: Callable[[], None]) -> None:
        """Call `hear` whenever waits are forecast in another way than before."""
        self._hear.append(hear)

    def note_entry(self, entry: LogEntry) -> None:
        """Hear what happened to a conversation."""
        if not entry.moved:
            return
        name, at_ms = entry.conversation_id, int(entry.log_id.split("-")[0])
        talk = self._talks.get(name)
        if talk is not None and talk.assigned_ms is not None and entry.released_agent_id:
            answer_ms = talk.assigned_ms - talk.offered_ms
            self._ended.append(Ended(name, entry.seq, answer_ms, at_ms - talk.assigned_ms))
        if entry.type in {EventType.HANDOFF_ASSIGNED, EventType.HANDOFF_TAKEN_OVER}:
            offered_ms = at_ms if talk is None or talk.assigned_ms else talk.offered_ms
            self._talks[name] = Talk(offered_ms, at_ms)
            self._keep_promise(name, entry)
        elif entry.state is State.OFFERED:
            self._talks[name] = Talk(at_ms)
        elif entry.state not in TAKEN:
            self._talks.pop(name, None)
            if entry.state is not State.WAITING:
                self._promises.pop(name, None)  # gave up, or left a message: no wait was seen

    def promise(self, conversation_id: str, interval: Interval) -> None:
        """Note what a waiting customer is told; the first word counts."""
        if conversation_id not in self._promises:
            self._promises[conversation_id] = Promise(interval, self._clock.now_ms())

    def pace(self, kind: Requirement) -> Pace:
        """Return recent times of such conversations, or of the desk where there are too few."""
        if kind not in self._paces:
            rows = self._recent.handled
            own = [r for r in rows if r.language == kind.language and r.skill == kind.skill]
            some = own if len(own) >= OWN_PACE else rows
            self._paces[kind] = Pace(
                Times.of([row.answer_ms for row in some]),
                Times.of([row.handle_ms for row in some]),
            )
        return self._paces[kind]

    async def run(self) -> None:
        """Write down and read, for ever."""
        while True:
            try:
                await self.note()
            except StoreUnavailable:
                logger.warning("the pace of the desk cannot be noted for now")
            await asyncio.sleep(PAUSE_S)

    async def note(self) -> None:
        """Write down what was heard and read what everybody heard. Raises StoreUnavailable."""
        ended, waited = tuple(self._ended), tuple(self._waited)
        handled = await self._handled(ended)
        await self._store.paces.note(handled, waited, now_ms=self._clock.now_ms())
        for heard, written in ((self._ended, ended), (self._waited, waited)):
            for _ in written:
                heard.popleft()
        before = self._recent.handled, self.width
        self._recent = await self._store.paces.recent()
        self._paces = {}
        latest = self._recent.waited[-MEASURED:]
        self.held, self.measured = sum(wait.held for wait in latest), len(latest)
        self.width = width(self.held, self.measured)
        self._metrics.waits_measured.set(self.measured)
        self._metrics.wait_coverage.set(self.held / self.measured if self.measured else 0)
        if before != (self._recent.handled, self.width):
            for hear in self._hear:
                hear()

    async def _handled(self, ended: Sequence[Ended]) -> list[Handled]:
        kinds = await self._store.line.kinds([end.conversation_id for end in ended])
        return [
            Handled(
                f"{end.conversation_id}:{end.seq}",
                kinds[end.conversation_id].language or "",
                kinds[end.conversation_id].skill,
                end.answer_ms,
                end.handle_ms,
            )
            for end in ended
            if end.conversation_id in kinds
        ]

    def _keep_promise(self, name: str, entry: LogEntry) -> None:
        promise = self._promises.pop(name, None)
        if promise is not None:
            told, wait_ms = promise.interval, self._clock.now_ms() - promise.at_ms
            self._waited.append(
                Waited(f"{name}:{entry.seq}", told.low_ms, told.high_ms, max(0, wait_ms))
            )
