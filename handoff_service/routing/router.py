"""Keeps the queue moving: offers, expiries, lost agents, closes; driven by events and deadlines."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from handoff_service.clock import Clock
from handoff_service.domain import Agent, EventType
from handoff_service.routing.chores import close_due, expire_offers, release_lost_agents
from handoff_service.routing.policy import Match, plan_offers
from handoff_service.settings import Settings
from handoff_service.store import Store
from handoff_service.store.patience import persist
from handoff_service.store.queue import LOOK, Look
from handoff_service.store.results import OfferResult
from handoff_service.store.signals import PRESENCE

logger = logging.getLogger(__name__)

#: What is due in spite of a step, since there is more of it than one takes, waits so long.
PAUSE_MS = 5
#: Moves after which there is nothing to offer and nobody new to offer to. The deadlines they may
#: set are never sooner than a router's longest sleep.
QUIET = frozenset(
    {
        EventType.STARTED,
        EventType.MESSAGE_POSTED,
        EventType.HANDOFF_OFFERED,
        EventType.HANDOFF_ASSIGNED,
    }
)


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
        # Another router may set a deadline while this one sleeps, but none earlier than this.
        self._rest_ms = min(self._offer_ms, self._grace_ms, settings.idle_close_s * 1000)
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
        look = await self._look(now_ms)
        if look.due_offers or look.due_timers or look.silent_agents:
            await expire_offers(self._store, look.due_offers, now_ms=now_ms)
            await close_due(self._store, look.due_timers, now_ms=now_ms)
            await release_lost_agents(
                self._store,
                look.silent_agents,
                lost_at_ms=now_ms - self._grace_ms,
                now_ms=now_ms,
            )
            look = await self._look(now_ms)
        look_again_ms = await self._offer_waiting(look, now_ms=now_ms)
        moments = [
            now_ms + self._rest_ms,
            look_again_ms,
            look.next_timer_ms,
            _after(look.next_offer_ms, 1),
            _after(look.oldest_heartbeat_ms, self._grace_ms),
        ]
        soonest = min(moment for moment in moments if moment is not None)
        return max(soonest, now_ms + PAUSE_MS)

    async def _look(self, now_ms: int) -> Look:
        return await self._store.queue.look(now_ms=now_ms, lost_at_ms=now_ms - self._grace_ms)

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
            if entry.moved and entry.type not in QUIET:
                self._wake.set()

    async def _watch_signals(self, after_id: str) -> None:
        async for signal in self._store.signals.tail(after_id):
            if signal.kind == PRESENCE:
                self._wake.set()

    async def _offer_waiting(self, look: Look, *, now_ms: int) -> int | None:
        """Offer waiting conversations, then left messages; return when to look again, if ever."""
        if not look.online or not (look.waiting or look.left):
            return None
        agents = {agent.agent_id: agent for agent in await self._store.agents.get_many(look.online)}
        looks: list[int] = []
        for first, read in (
            (look.waiting, self._store.queue.waiting),
            (look.left, self._store.queue.left),
        ):
            page, start = first, 0
            while page and any(agent.load < agent.capacity for agent in agents.values()):
                talks = await self._store.conversations.get_many(page)
                plan = plan_offers(talks, list(agents.values()), now_ms=now_ms)
                await self._offer_all(plan.matches, agents, now_ms=now_ms)
                if plan.look_again_ms is not None:
                    looks.append(plan.look_again_ms)
                start += len(page) - len(plan.matches)
                page = tuple(await read(start=start)) if len(page) == LOOK else ()
        return min(looks, default=None)

    async def _offer_all(
        self, matches: Sequence[Match], agents: dict[str, Agent], *, now_ms: int
    ) -> None:
        """Make the offers, all at the same time; keep the agents' loads in step."""
        results = await asyncio.gather(*(self._offer(match, now_ms=now_ms) for match in matches))
        for match, result in zip(matches, results, strict=True):
            agent_id = match.agent.agent_id
            if result is OfferResult.OFFERED and agent_id in agents:
                agent = agents[agent_id]
                agents[agent_id] = replace(agent, load=agent.load + 1, last_assigned_ms=now_ms)
            elif result in {OfferResult.AGENT_FULL, OfferResult.AGENT_GONE}:
                # Another router gave the agent something, or the agent left, since we looked.
                agents.pop(agent_id, None)
                self._wake.set()

    async def _offer(self, match: Match, *, now_ms: int) -> OfferResult:
        conversation_id, agent_id = match.conversation.conversation_id, match.agent.agent_id
        outcome = await self._store.handoffs.offer(
            conversation_id,
            agent_id=agent_id,
            epoch=match.conversation.epoch,
            deadline_ms=now_ms + self._offer_ms,
            now_ms=now_ms,
        )
        logger.info("offer of %s to %s: %s", conversation_id, agent_id, outcome.result)
        return outcome.result


def _after(moment_ms: int | None, delay_ms: int) -> int | None:
    return None if moment_ms is None else moment_ms + delay_ms
