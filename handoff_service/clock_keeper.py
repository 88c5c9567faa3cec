"""Keeps a replica's clock on the desk's time, and notes when it could not be watched."""

import asyncio
import logging
import time
from collections.abc import Callable

from handoff_service.clock import JUMP_MS, SystemClock
from handoff_service.errors import StoreUnavailable
from handoff_service.metrics import Metrics
from handoff_service.store import Store
from handoff_service.store.desk_time import Agreement, DeskTime

logger = logging.getLogger(__name__)

#: How often clocks are compared, seconds.
TICK_S = 1.0
#: After so long without a comparison (s) signs of life may have been missed: Redis could not be
#: written to, or this process stood still. Two comparisons may be late, three may not.
GAP_S = 3.0


class ClockKeeper:
    """One a process."""

    def __init__(
        self,
        store: Store,
        clock: SystemClock,
        *,
        replica: str,
        metrics: Metrics,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Compare `clock` with the time of the desk of `store`."""
        self._store = store
        self._clock = clock
        self._replica = replica
        self._metrics = metrics
        self._monotonic = monotonic
        self._compared_at = monotonic()
        #: What the desk's time is ahead of the clock of Redis, ms; above JUMP_MS it was set.
        self.added_ms = 0

    async def join(self) -> None:
        """Take the desk's time, before anything else is done. Raises StoreUnavailable."""
        found = await self._compare(joins=True)
        self._clock.steer(found.now_ms)

    async def run(self) -> None:
        """Compare for ever; waits out the times when Redis is away."""
        while True:
            await asyncio.sleep(TICK_S)
            try:
                await self.step()
            except StoreUnavailable as error:
                logger.debug("clocks are not compared: %s", error)

    async def step(self) -> None:
        """Compare once. Raises StoreUnavailable."""
        found = await self._compare()
        apart_s = (found.now_ms - self._clock.now_ms()) / 1000
        if found.agreement is Agreement.HELD:
            self._metrics.clock_jumps.inc()
            logger.warning(
                "the clock of Redis was set: the desk's time is %+.1f s from it now, goes on evenly"
                " and comes back slowly. See that time is synchronised (NTP) where Redis runs",
                found.added_ms / 1000,
            )
        elif found.agreement is Agreement.FOLLOW:
            self._metrics.clock_jumps.inc()
            logger.warning("this process stood still: its time was %+.1f s off", -apart_s)
        self._clock.steer(found.now_ms)
        gap_s = self._monotonic() - self._compared_at
        self._compared_at = self._monotonic()
        if gap_s > GAP_S or found.agreement is Agreement.FOLLOW:
            logger.warning(
                "nobody could give a sign of life for %.1f s: all get their grace", gap_s
            )
            self._clock.end_gap()

    @property
    def problem(self) -> str:
        """Return what an operator should know, "" if nothing."""
        if abs(self.added_ms) <= JUMP_MS:
            return ""
        return (
            f"the clock of Redis was set, {-self.added_ms / 1000:+.0f} s from the desk's time,"
            " which goes on evenly and follows slowly. See that NTP runs where Redis runs"
        )

    async def _compare(self, *, joins: bool = False) -> DeskTime:
        before_ms = self._clock.now_ms()
        found = await self._store.times.agree(self._replica, now_ms=before_ms, joins=joins)
        self.added_ms = found.added_ms
        self._metrics.clock_added.set(found.added_ms / 1000)
        return found
