"""Keeps the queue moving: offers, expiries, lost agents, closes; driven by events and deadlines."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace

from handoff_service.clock import Clock
from handoff_service.domain import Agent, EventType
from handoff_service.errors import NoSuchConversation
from handoff_service.routing.policy import Match, plan_offers
from handoff_service.settings import Settings
from handoff_service.store import Store
from handoff_service.store.patience import persist
from handoff_service.store.results import LostResult, OfferResult
from handoff_service.store.signals import PRESENCE

logger = logging.getLogger(__name__)

#: Conversations looked at in one go; more are read only while agents still have room.
PAGE = 100
#: More may be due than one step takes; the next one follows after this pause, which others can use.
REST_MS = 5


class Router:
    """One a process. Any number may run: each decision is checked by the store in one atomic step.

    Nothing is kept between two steps, so a router that dies takes nothing with it.
    """

    def __init__(self, store: Store, *, clock: Clock, settings: Settings) -> None:
        """Work on `store` with the time limits of `settings`."""
        self._store = store
        self._clock = clock
        self._offer_ms = settings.offer_timeout_s * 1000
        self._grace_ms = settings.agent_grace_s * 1000
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Work until cancelled; wait while Redis is away."""
        # Subscribe first, then look: what happens in between wakes the next step.
        log_id, signal_id = await persist(self._ends, what="the queue")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._watch_log(log_id))
            tasks.create_task(self._watch_signals(signal_id))
            tasks.create_task(self._work())

    async def step(self) -> int:
        """Do all that is due, offer all that can be offered; return when the next thing is due, ms.

        Raises StoreUnavailable.
        """
        now_ms = self._clock.now_ms()
        await self._expire_offers(now_ms)
        await self._close_due(now_ms)
        await self._release_lost_agents(now_ms)
        look_again_ms = await self._offer_waiting(now_ms)
        deadlines = await self._store.queue.deadlines()
        moments = [
            # Another router may set a deadline while this one sleeps, but none earlier than this:
            now_ms + min(self._offer_ms, self._grace_ms),
            look_again_ms,
            deadlines.timer_ms,
            None if deadlines.offer_ms is None else deadlines.offer_ms + 1,
            None if deadlines.seen_ms is None else deadlines.seen_ms + self._grace_ms,
        ]
        soonest = min(moment for moment in moments if moment is not None)
        return max(soonest, now_ms + REST_MS)

    async def _ends(self) -> tuple[str, str]:
        return await self._store.log.last_id(), await self._store.signals.last_id()

    async def _work(self) -> None:
        while True:
            self._wake.clear()
            await self._sleep(await persist(self.step, what="the queue"))

    async def _sleep(self, until_ms: int) -> None:
        woken = asyncio.ensure_future(self._wake.wait())
        due = asyncio.ensure_future(self._clock.sleep_until(until_ms))
        try:
            await asyncio.wait({woken, due}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
            due.cancel()
            await asyncio.gather(woken, due, return_exceptions=True)

    async def _watch_log(self, after_id: str) -> None:
        async for entry in self._store.log.tail(after_id):
            # An offer frees nobody; its deadline is covered by the first moment in `step`.
            if entry.moved and entry.event.type is not EventType.HANDOFF_OFFERED:
                self._wake.set()

    async def _watch_signals(self, after_id: str) -> None:
        async for signal in self._store.signals.tail(after_id):
            if signal.kind == PRESENCE:
                self._wake.set()

    async def _expire_offers(self, now_ms: int) -> None:
        due = await self._store.queue.due_offers(now_ms=now_ms)
        for talk in await self._store.conversations.get_many(due):
            if talk.agent_id is None:
                continue  # accepted, declined or cancelled since it was read
            outcome = await self._store.handoffs.expire_offer(
                talk.conversation_id, agent_id=talk.agent_id, epoch=talk.epoch, now_ms=now_ms
            )
            logger.info(
                "offer of %s to %s: %s", talk.conversation_id, talk.agent_id, outcome.result
            )

    async def _close_due(self, now_ms: int) -> None:
        for conversation_id in await self._store.queue.due_timers(now_ms=now_ms):
            with suppress(NoSuchConversation):  # its timer is dropped then
                await self._store.conversations.close_due(conversation_id, now_ms=now_ms)

    async def _release_lost_agents(self, now_ms: int) -> None:
        lost_at_ms = now_ms - self._grace_ms
        for agent_id in await self._store.agents.silent_since(lost_at_ms):
            held = await self._store.agents.held(agent_id)
            for conversation_id in held:
                outcome = await self._store.handoffs.agent_lost(
                    conversation_id, agent_id=agent_id, lost_at_ms=lost_at_ms, now_ms=now_ms
                )
                if outcome.result is LostResult.BACK:
                    break
                logger.info("agent %s lost, %s: %s", agent_id, conversation_id, outcome.result)
            await self._store.agents.mark_lost(agent_id, lost_at_ms=lost_at_ms)

    async def _offer_waiting(self, now_ms: int) -> int | None:
        """Offer waiting conversations, then left messages; return when to look again, if ever."""
        agents = {agent.agent_id: agent for agent in await self._store.agents.online()}
        looks: list[int] = []
        for read in (self._store.queue.waiting, self._store.queue.left):
            start = 0
            while any(agent.load < agent.capacity for agent in agents.values()):
                page = await read(start=start, count=PAGE)
                talks = await self._store.conversations.get_many(page)
                plan = plan_offers(talks, list(agents.values()), now_ms=now_ms)
                for match in plan.matches:
                    await self._offer(match, agents, now_ms=now_ms)
                if plan.look_again_ms is not None:
                    looks.append(plan.look_again_ms)
                if len(page) < PAGE:
                    break
                start += len(page) - len(plan.matches)
        return min(looks, default=None)

    async def _offer(self, match: Match, agents: dict[str, Agent], *, now_ms: int) -> None:
        conversation_id, agent = match.conversation.conversation_id, match.agent
        outcome = await self._store.handoffs.offer(
            conversation_id,
            agent_id=agent.agent_id,
            epoch=match.conversation.epoch,
            deadline_ms=now_ms + self._offer_ms,
            now_ms=now_ms,
        )
        if outcome.result is OfferResult.OFFERED:
            known = agents[agent.agent_id]
            agents[agent.agent_id] = replace(known, load=known.load + 1, last_assigned_ms=now_ms)
            logger.info("offered %s to %s", conversation_id, agent.agent_id)
        elif outcome.result in {OfferResult.AGENT_FULL, OfferResult.AGENT_GONE}:
            # Another router gave the agent something, or the agent left, since we looked.
            agents.pop(agent.agent_id, None)
            self._wake.set()
