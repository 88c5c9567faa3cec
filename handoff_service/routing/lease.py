"""Sees to it that one replica routes, and another soon when that one is gone."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from handoff_service.errors import StoreUnavailable
from handoff_service.store.leadership import Leadership

logger = logging.getLogger(__name__)

#: The lease ends so long after it was last renewed: a stopped process is replaced soon, a pause of
#: the garbage collector or a slow disk costs nothing.
LIFE_S = 2.0
#: It is renewed, or asked for, this often.
RENEW_S = 0.5
#: So many times in a row it may fail to be renewed.
MISSES = 2
#: Longest that a replica which stops is kept from stopping.
GIVE_UP_S = 0.5


class Lease:
    """Runs work only while this replica leads.

    Two leaders for a moment, after a pause of a whole process, do no harm: the store checks each
    decision. The lease keeps replicas from doing the same work, it is not what makes it right.
    """

    def __init__(self, leadership: Leadership, holder: str, *, what: str = "the queue") -> None:
        """`holder`: this replica's name, unique among all; `what`: it leads, for the log."""
        self._leadership = leadership
        self._holder = holder
        self._what = what

    async def lead(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` anew each time this replica comes to lead, for ever."""
        try:
            while True:
                if await self._take():
                    logger.info("%s leads %s", self._holder, self._what)
                    await self._run(work)
                    logger.warning("%s leads %s no longer", self._holder, self._what)
                await asyncio.sleep(RENEW_S)
        finally:
            with contextlib.suppress(StoreUnavailable, TimeoutError):
                async with asyncio.timeout(GIVE_UP_S):
                    await self._leadership.give_up(self._holder)

    async def _run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run it until the lease is lost; it is cancelled then."""
        async with asyncio.TaskGroup() as tasks:
            task = tasks.create_task(_coroutine(work))
            await self._until_lost()
            task.cancel()

    async def _until_lost(self) -> None:
        """Renew the lease; return when another replica has it, or Redis is away for too long.

        A process that is so busy that it renews late goes on if nobody took the lease meanwhile:
        to begin anew would cost it more time still.
        """
        misses = 0
        while misses < MISSES:
            await asyncio.sleep(RENEW_S)
            try:
                async with asyncio.timeout(LIFE_S):
                    if not await self._leadership.take(self._holder, life_ms=round(LIFE_S * 1000)):
                        return
                misses = 0
            except (StoreUnavailable, TimeoutError):
                misses += 1

    async def _take(self) -> bool:
        try:
            return await self._leadership.take(self._holder, life_ms=round(LIFE_S * 1000))
        except StoreUnavailable:
            return False


async def _coroutine(work: Callable[[], Awaitable[None]]) -> None:
    await work()
