"""Routes the desk's queue, one replica at a time."""

import asyncio

from handoff_service.clock import Clock
from handoff_service.ids import new_worker_id
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.routing.chores import Chores
from handoff_service.routing.lease import Lease
from handoff_service.routing.needs import RoutingRules
from handoff_service.routing.offering import Offering
from handoff_service.routing.rerouting import Rerouting
from handoff_service.store import Store
from handoff_service.store.log import LogEntry
from handoff_service.store.signals import Signal


class Router:
    """One a process; one of all leads. What it knows it reads from the store when it comes to lead.

    Whoever tails log and signals tells it of them by `note_entry` and `note_signal`. A router that
    dies takes nothing with it: each decision is checked by the store in one atomic step.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Clock,
        rules: Live[DeskRules],
        routing: Live[RoutingRules] | None = None,
    ) -> None:
        """Work on `store` with the time limits of `rules`.

        `routing`: as data/routing.yml; None: there are no rules, so none that change.
        """
        self._store = store
        self._clock = clock
        self._rules = rules
        self._routing = routing
        self._lease = Lease(store.leadership, new_worker_id())
        self._leading: tuple[Offering, Chores] | None = None

    def note_entry(self, entry: LogEntry) -> None:
        """Hear what happened to a conversation. Returns at once."""
        if self._leading is not None:
            for part in self._leading:
                part.note_entry(entry)

    def note_signal(self, signal: Signal) -> None:
        """Hear that somebody came or went. Returns at once."""
        if self._leading is not None:
            self._leading[0].note_signal(signal)

    async def run(self) -> None:
        """Route whenever this replica leads, until cancelled; wait while Redis is away."""
        await self._lease.lead(self._route)

    async def _route(self) -> None:
        offering = Offering(
            self._store,
            clock=self._clock,
            routing=self._routing or Live(RoutingRules()),
            rules=self._rules,
        )
        chores = Chores(self._store, clock=self._clock, rules=self._rules)
        # Listen first, then look: what happens in between is heard.
        self._leading = offering, chores
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(offering.run())
                tasks.create_task(chores.run())
                if self._routing is not None:
                    again = Rerouting(self._store, clock=self._clock, routing=self._routing)
                    tasks.create_task(again.run())
        finally:
            self._leading = None
