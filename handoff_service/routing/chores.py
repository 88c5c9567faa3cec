"""What is due in the queue: offers that expired, times that are over, people who vanished."""

import asyncio
import logging
from contextlib import suppress

from handoff_service.clock import Clock
from handoff_service.domain import EventType
from handoff_service.errors import NoSuchConversation
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.routing.waking import sleep_until
from handoff_service.store import Store
from handoff_service.store.log import LogEntry
from handoff_service.store.patience import persist, together
from handoff_service.store.queue import Look
from handoff_service.store.results import LostResult

logger = logging.getLogger(__name__)

#: What is due in spite of a step, since there is more of it than one takes, waits so long.
PAUSE_MS = 5
#: Events that set a deadline sooner than any other may be: all others are as far away as the
#: shortest time that settings allow, and nobody sleeps longer than that.
SETS_DEADLINE = frozenset({EventType.WRAPPED_UP, EventType.PARKED})


class Chores:
    """Those of one replica while it leads. Nothing is kept between two steps."""

    def __init__(self, store: Store, *, clock: Clock, rules: Live[DeskRules]) -> None:
        """Work on `store` with the time limits of `rules`."""
        self._store = store
        self._clock = clock
        self._rules = rules
        # Before, all may have been down, and nobody could say that they were there.
        self._began_ms = clock.now_ms()
        self._wake = asyncio.Event()

    @property
    def _grace_ms(self) -> int:
        return self._rules.now.agent_grace_s * 1000

    @property
    def _abandon_ms(self) -> int:
        return self._rules.now.abandon_s * 1000

    @property
    def _rest_ms(self) -> int:
        rules = self._rules.now
        shortest_s = min(
            rules.offer_timeout_s, rules.agent_grace_s, rules.abandon_s, rules.idle_close_s
        )
        return shortest_s * 1000

    def note_entry(self, entry: LogEntry) -> None:
        """Hear what happened to a conversation. Returns at once."""
        if entry.type in SETS_DEADLINE:
            self._wake.set()

    async def run(self) -> None:
        """Work until cancelled; wait while Redis is away."""
        with self._rules.hears(self._wake.set):
            while True:
                self._wake.clear()
                until_ms = await persist(self.step, what="the queue")
                await sleep_until(self._clock, until_ms, woken=self._wake)

    async def step(self) -> int:
        """Do all that is due; return when the next thing is, ms. Raises StoreUnavailable."""
        now_ms = self._clock.now_ms()
        look = await self._look(now_ms)
        async with together() as tasks:
            for name in look.offers.ids:
                tasks.create_task(self._expire(name, now_ms=now_ms))
            for name in look.timers.ids:
                tasks.create_task(self._close(name, now_ms=now_ms))
            for name in look.parked.ids:
                tasks.create_task(self._resume(name, now_ms=now_ms))
            for name in look.gone.ids:
                tasks.create_task(self._abandon(name, now_ms=now_ms))
        async with together() as tasks:
            for agent_id in look.silent.ids:
                tasks.create_task(self._release(agent_id, now_ms=now_ms))
        if any(due.ids for due in (look.offers, look.timers, look.parked, look.silent, look.gone)):
            look = await self._look(now_ms)
        moments = [
            now_ms + self._rest_ms,
            look.timers.next_ms,
            look.parked.next_ms,
            _after(look.offers.next_ms, 1),
            self._next_lost(look.silent.next_ms),
            self._next_gone(look.gone.next_ms),
        ]
        soonest = min(moment for moment in moments if moment is not None)
        return max(soonest, now_ms + PAUSE_MS)

    async def _look(self, now_ms: int) -> Look:
        gone_at_ms = now_ms - self._abandon_ms
        lost_at_ms = now_ms - self._grace_ms
        return await self._store.queue.look(
            now_ms=now_ms,
            lost_at_ms=lost_at_ms if lost_at_ms >= self._clock.watched_from_ms() else 0,
            gone_at_ms=gone_at_ms if gone_at_ms >= self._watched_from_ms else 0,
        )

    def _next_gone(self, seen_ms: int | None) -> int | None:
        """Return when the customer who was seen longest ago is gone."""
        if seen_ms is None:
            return None
        return max(seen_ms, self._watched_from_ms) + self._abandon_ms

    def _next_lost(self, seen_ms: int | None) -> int | None:
        """Return when the agent who was seen longest ago is lost."""
        if seen_ms is None:
            return None
        return max(seen_ms, self._clock.watched_from_ms()) + self._grace_ms

    @property
    def _watched_from_ms(self) -> int:
        return max(self._began_ms, self._clock.watched_from_ms())

    async def _expire(self, conversation_id: str, *, now_ms: int) -> None:
        """Put an offered conversation whose deadline is over back in the queue."""
        for talk in await self._store.conversations.get_many([conversation_id]):
            if talk.agent_id is None:
                continue  # accepted, declined or cancelled since it was read
            outcome = await self._store.handoffs.expire_offer(
                conversation_id, agent_id=talk.agent_id, epoch=talk.epoch, now_ms=now_ms
            )
            logger.info("offer of %s to %s: %s", conversation_id, talk.agent_id, outcome.result)

    async def _close(self, conversation_id: str, *, now_ms: int) -> None:
        """Close a conversation whose wrap-up or idle time is over."""
        with suppress(NoSuchConversation):  # its timer is dropped then
            await self._store.conversations.close_due(conversation_id, now_ms=now_ms)

    async def _resume(self, conversation_id: str, *, now_ms: int) -> None:
        """Put a parked conversation back in line."""
        with suppress(NoSuchConversation):  # it is dropped from the parked ones then
            await self._store.holdings.resume_due(conversation_id, now_ms=now_ms)

    async def _abandon(self, conversation_id: str, *, now_ms: int) -> None:
        """Take a customer out of line who closed the page and did not come back."""
        outcome = await self._store.waits.abandon(
            conversation_id, gone_since_ms=now_ms - self._abandon_ms, now_ms=now_ms
        )
        logger.info("customer of %s gone: %s", conversation_id, outcome.result)

    async def _release(self, agent_id: str, *, now_ms: int) -> None:
        """Take everything from an agent who has been silent for too long."""
        lost_at_ms = now_ms - self._grace_ms
        # First, or they would be offered what they are about to lose.
        await self._store.agents.mark_lost(agent_id, lost_at_ms=lost_at_ms, now_ms=now_ms)
        for conversation_id in await self._store.agents.held(agent_id):
            outcome = await self._store.handoffs.agent_lost(
                conversation_id, agent_id=agent_id, lost_at_ms=lost_at_ms, now_ms=now_ms
            )
            if outcome.result is LostResult.BACK:
                break
            logger.info("agent %s lost, %s: %s", agent_id, conversation_id, outcome.result)
        await self._store.agents.mark_lost(agent_id, lost_at_ms=lost_at_ms, now_ms=now_ms)


def _after(moment_ms: int | None, delay_ms: int) -> int | None:
    return None if moment_ms is None else moment_ms + delay_ms
