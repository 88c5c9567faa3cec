"""Audits the desk while it works, a page at a time, mends what it can, and counts both."""

import asyncio
import logging
from collections import Counter

from handoff_service.audit.auditor import Auditor
from handoff_service.audit.findings import Fault, Finding
from handoff_service.audit.places import WIDEST
from handoff_service.clock import Clock
from handoff_service.metrics import Metrics
from handoff_service.routing.lease import Lease
from handoff_service.settings import Settings
from handoff_service.store import Store
from handoff_service.store.patience import persist

logger = logging.getLogger(__name__)

#: Conversations looked at in one round trip: Redis and the loop are held up for a few ms at most.
PAGE = 20
#: An audit that is never in a hurry takes at most this share of the time of process and Redis.
SHARE = 0.05


class Watch:
    """One a process; of all replicas, the one that leads the audit audits."""

    def __init__(
        self, store: Store, *, clock: Clock, settings: Settings, metrics: Metrics, replica: str
    ) -> None:
        """Audit `store` every `settings.audit_s` seconds; `replica`: unique among all."""
        # The times of the desk may have been longer a moment ago: what was set then stays right.
        self._auditor = Auditor(store, clock=clock, limits=WIDEST, page=PAGE)
        self._lease = Lease(store.audit_leadership, replica, what="the audit")
        self._every_s = settings.audit_s
        self._metrics = metrics

    async def run(self) -> None:
        """Work until cancelled; wait while Redis is away."""
        if self._every_s == 0:
            await asyncio.Event().wait()
        await self._lease.lead(self._work)

    async def round(self) -> None:
        """Audit the whole desk once. Raises StoreUnavailable."""
        loop, found = asyncio.get_running_loop(), Counter[Fault]()
        begun = loop.time()
        async for page in self._auditor.pages():
            for finding in dict.fromkeys(page.findings):
                found[finding.fault] += 1
                await self._treat(finding)
            await asyncio.sleep((loop.time() - begun) / SHARE)
            begun = loop.time()
        self._metrics.show_findings({fault.value: found[fault] for fault in Fault})

    async def _work(self) -> None:
        while True:
            await persist(self.round, what="the audit")
            await asyncio.sleep(self._every_s)

    async def _treat(self, finding: Finding) -> None:
        mended = await self._auditor.mend(finding)
        if mended:
            self._metrics.audit_repairs.labels(code=finding.fault.value).inc()
        logger.warning(
            "audit: %s, conversation %s, agent %s: %s; %s",
            finding.fault.value,
            finding.conversation_id,
            finding.agent_id,
            finding.wrong,
            "mended" if mended else "not mended",
        )
