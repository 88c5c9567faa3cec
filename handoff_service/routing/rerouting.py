"""Asks the rules anew what those who wait need, whenever the rules have changed."""

import asyncio
import logging
from contextlib import suppress

from handoff_service.clock import Clock
from handoff_service.conversation import Conversation
from handoff_service.errors import NoSuchConversation
from handoff_service.live import Live
from handoff_service.routing.needs import RoutingRules, needs_of
from handoff_service.store import Store
from handoff_service.store.patience import persist
from handoff_service.store.results import RerouteResult

logger = logging.getLogger(__name__)

#: Conversations read in one round trip.
BATCH = 100


class Rerouting:
    """That of one replica while it leads; once when it begins: it may have missed a change."""

    def __init__(self, store: Store, *, clock: Clock, routing: Live[RoutingRules]) -> None:
        """Work on `store` by the rules of `routing`."""
        self._store = store
        self._clock = clock
        self._routing = routing
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled; wait while Redis is away."""
        with self._routing.hears(self._changed.set):
            while True:
                self._changed.clear()
                await persist(self.step, what="the rules of routing")
                await self._changed.wait()

    async def step(self) -> None:
        """Go through all who wait, the next one to be served first. Raises StoreUnavailable."""
        rules, queue = self._routing.now, self._store.queue
        names = [*await queue.offered(), *await queue.everyone()]
        done = 0
        for start in range(0, len(names), BATCH):
            for talk in await self._store.conversations.get_many(names[start : start + BATCH]):
                done += await self._reroute(talk, rules)
        if done:
            logger.info("%d of %d who wait are routed otherwise", done, len(names))

    async def _reroute(self, talk: Conversation, rules: RoutingRules) -> bool:
        if talk.handoff is None or talk.met_agent:
            return False
        needs = needs_of(rules, talk.handoff, talk.identity)
        if needs == talk.needs:
            return False
        with suppress(NoSuchConversation):
            outcome = await self._store.waits.reroute(
                talk.conversation_id, epoch=talk.epoch, needs=needs, now_ms=self._clock.now_ms()
            )
            return outcome.result is RerouteResult.REROUTED
        return False
