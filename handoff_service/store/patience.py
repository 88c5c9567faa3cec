"""Waits out the times when Redis is away."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from handoff_service.errors import StoreUnavailable

logger = logging.getLogger(__name__)

T = TypeVar("T")

#: Pauses between tries, seconds; the last one repeats.
PAUSES_S = (0.05, 0.1, 0.25, 0.5, 1.0)


async def pause(tries: int, *, error: Exception, what: str) -> int:
    """Wait before the next try, longer each time; log the first failure only. Return tries + 1."""
    if tries == 0:
        logger.warning("%s: Redis is away: %s", what, error)
    await asyncio.sleep(PAUSES_S[min(tries, len(PAUSES_S) - 1)])
    return tries + 1


async def persist(call: Callable[[], Awaitable[T]], *, what: str) -> T:
    """Repeat a call that may be repeated, until Redis takes it."""
    tries = 0
    while True:
        try:
            return await call()
        except StoreUnavailable as error:  # noqa: PERF203 - the loop is the retry
            tries = await pause(tries, error=error, what=what)


@asynccontextmanager
async def together() -> AsyncIterator[asyncio.TaskGroup]:
    """Run tasks as a group does; when Redis goes away meanwhile, raise StoreUnavailable itself."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as group:  # noqa: F821 - ruff looks for the names of Python 3.10
        away, others = group.split(StoreUnavailable)
        if away is None or others is not None:
            raise
        raise away.exceptions[0] from None
