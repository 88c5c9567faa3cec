"""Makes offers: keeps the board in step with the store, and carries its plans out."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import TypeAlias

from handoff_service.clock import Clock
from handoff_service.domain import EventType, State
from handoff_service.errors import NoSuchConversation, StoreUnavailable
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.routing.board import Board, Match, Plan
from handoff_service.routing.needs import RoutingRules
from handoff_service.routing.policy import Waiting
from handoff_service.routing.waking import sleep_until
from handoff_service.store import Store
from handoff_service.store.log import LogEntry
from handoff_service.store.patience import persist, together
from handoff_service.store.results import OfferResult
from handoff_service.store.signals import PRESENCE, Signal

logger = logging.getLogger(__name__)

#: Conversations read, and offers made, in one round trip: long enough to be worth it, short enough
#: for whoever asks for a person meanwhile.
BATCH = 200
#: The board is compared with the store so often (ms), in case something was not heard of; a long
#: queue, which takes longer to compare, the more seldom.
RESYNC_MS = 10_000
RESYNC_MS_PER_WAITING = 1
#: Agents read in one step of such a comparison: nobody's offer waits until a thousand are read.
RESYNC_AGENTS = 50
#: So many customers are asked, or told of, at the same time.
SAID_AT_ONCE = 20
#: What could not be offered, since somebody else was faster, is looked at again so much later.
RETRY_S = 0.05
#: States of those who wait for an offer.
UNOFFERED = frozenset({State.WAITING, State.MESSAGE_LEFT})
#: What changes nothing that a choice depends on, though it happens to one who waits.
TALK = frozenset({EventType.MESSAGE_POSTED, EventType.BOT_DELAYED, EventType.ANSWER_VOTED})

#: Something to ask or tell; safe to be repeated.
Step: TypeAlias = Callable[[], Awaitable[object]]


class Offering:
    """The offers of one replica while it leads; the next one begins with an empty board."""

    def __init__(
        self, store: Store, *, clock: Clock, routing: Live[RoutingRules], rules: Live[DeskRules]
    ) -> None:
        """`routing`: how long conversations insist; `rules`: how long an offer stands."""
        self._store = store
        self._clock = clock
        self._routing = routing
        self._rules = rules
        self._wake = asyncio.Event()
        self._unsaid: asyncio.Queue[Step] = asyncio.Queue()
        self._forget()

    def note_entry(self, entry: LogEntry) -> None:
        """Hear what happened to a conversation. Returns at once."""
        name = entry.conversation_id
        if entry.state not in UNOFFERED:
            self._board.drop(name)
        elif entry.moved or (name in self._board and entry.type not in TALK):
            self._note([name], ())
        # What we offered ourselves is counted already.
        if entry.moved and entry.type != EventType.HANDOFF_OFFERED:
            self._note((), filter(None, (entry.agent_id, entry.released_agent_id)))

    def note_signal(self, signal: Signal) -> None:
        """Hear that somebody came or went. Returns at once."""
        if signal.kind == PRESENCE:
            self._note((), [str(signal.data["agent_id"])])

    async def run(self) -> None:
        """Offer until cancelled; wait while Redis is away."""
        with self._routing.hears(self._begin_anew):
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._work())
                tasks.create_task(self._speak())

    async def _work(self) -> None:
        while True:
            self._wake.clear()
            until_ms = await persist(self.step, what="the queue")
            if until_ms is not None:
                await sleep_until(self._clock, until_ms, woken=self._wake)

    async def step(self) -> int | None:
        """Do what can be done now; return when to go on, ms; None: at once.

        Raises StoreUnavailable; everything is read anew then.
        """
        now_ms = self._clock.now_ms()
        try:
            if now_ms >= self._resync_ms:
                await self._resync(now_ms)
            await self._read(now_ms)
            plan = self._board.plan(now_ms=now_ms, limit=BATCH)
            await self._say_now(plan, now_ms=now_ms)
            await self._offer(plan.matches, now_ms=now_ms)
        except StoreUnavailable:
            self._forget()
            raise
        if self._conversations or self._agents or self._unchecked or plan.more:
            return None
        return min(self._resync_ms, plan.look_again_ms or self._resync_ms)

    def _begin_anew(self) -> None:
        """Widen by the new rules from now on."""
        self._forget()
        self._wake.set()

    def _forget(self) -> None:
        self._board = Board(self._routing.now.widening)
        # Dictionaries without values: sets that keep their order.
        self._conversations: dict[str, None] = {}  # to be read
        self._agents: dict[str, None] = {}  # to be read
        self._unchecked: list[str] = []  # agents to be compared, when there is time
        self._resync_ms = 0

    def _note(self, conversations: Iterable[str], agents: Iterable[str]) -> None:
        self._conversations.update(dict.fromkeys(conversations))
        self._agents.update(dict.fromkeys(agents))
        self._wake.set()

    async def _resync(self, now_ms: int) -> None:
        """Mark everything as to be read that the board and the store do not agree on."""
        queued, online = await asyncio.gather(
            self._store.queue.everyone(), self._store.agents.ids_online()
        )
        self._note((name for name in queued if name not in self._board), ())
        self._note(self._board.waiting.difference(queued), ())
        for agent_id in self._board.agent_ids.difference(online):
            self._board.drop_agent(agent_id)
        if not self._board.agent_ids:  # just begun: offers go to the best of all, not of a few
            await self._read_agents(online)
        else:
            self._unchecked = list(online)
        pause_ms = max(RESYNC_MS, len(queued) * RESYNC_MS_PER_WAITING)
        self._resync_ms = now_ms + pause_ms

    async def _read(self, now_ms: int) -> None:
        names = list(islice(self._conversations, BATCH))
        for name in names:
            del self._conversations[name]
        agent_ids, self._agents = list(self._agents), {}
        agent_ids += self._unchecked[:RESYNC_AGENTS]
        del self._unchecked[:RESYNC_AGENTS]
        waiting, _ = await asyncio.gather(
            self._store.queue.read(names), self._read_agents(agent_ids)
        )
        for name in names:
            if name in waiting:
                self._board.put(waiting[name], now_ms=now_ms)
            else:
                self._board.drop(name)

    async def _read_agents(self, agent_ids: Sequence[str]) -> None:
        for agent in await self._store.agents.get_many(agent_ids):
            self._board.put_agent(agent)

    async def _say_now(self, plan: Plan, *, now_ms: int) -> None:
        """Tell what explains an offer of this plan before it is made; the rest has time."""
        offered = {match.waiting.conversation_id for match in plan.matches}
        first: list[Step] = []
        for waiting, what in plan.widened:
            step = partial(self._note_widened, waiting, what, now_ms=now_ms)
            if waiting.conversation_id in offered:
                first.append(step)
            else:
                self._unsaid.put_nowait(step)
        for waiting in plan.to_ask:
            self._unsaid.put_nowait(partial(self._ask, waiting, now_ms=now_ms))
        await _each(first)

    async def _speak(self) -> None:
        """Ask and tell beside the offers: thousands may be asked at once when somebody leaves."""
        while True:
            steps = [await self._unsaid.get()]
            while not self._unsaid.empty() and len(steps) < SAID_AT_ONCE:
                steps.append(self._unsaid.get_nowait())
            await persist(partial(_each, steps), what="the queue")

    async def _ask(self, waiting: Waiting, *, now_ms: int) -> None:
        """Ask whether another language will do."""
        others = [name for name in self._board.languages if name != waiting.language]
        if others:  # else they left meanwhile
            await self._store.waits.ask_consent(
                waiting.conversation_id, epoch=waiting.epoch, languages=others, now_ms=now_ms
            )

    async def _note_widened(self, waiting: Waiting, what: str, *, now_ms: int) -> None:
        await self._store.waits.widen(
            waiting.conversation_id, epoch=waiting.epoch, what=what, now_ms=now_ms
        )

    async def _offer(self, matches: tuple[Match, ...], *, now_ms: int) -> None:
        results = await self._store.handoffs.offer_many(
            [match.offer for match in matches],
            deadline_ms=now_ms + self._rules.now.offer_timeout_s * 1000,
            now_ms=now_ms,
        )
        for match, result in zip(matches, results, strict=True):
            name = match.waiting.conversation_id
            logger.info("offer of %s to %s: %s", name, match.agent_id, result)
            if result not in {OfferResult.OFFERED, OfferResult.REPEATED}:
                # Another leader, or the customer, or the agent was faster.
                asyncio.get_running_loop().call_later(RETRY_S, self._note, [name], [match.agent_id])


async def _each(steps: Iterable[Step]) -> None:
    """Take all steps at the same time; a conversation that is no more needs none."""

    async def take(step: Step) -> None:
        with suppress(NoSuchConversation):
            await step()

    async with together() as tasks:
        for step in steps:
            tasks.create_task(take(step))
