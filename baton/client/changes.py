"""Waiting for something to become true, woken by news instead of asking again and again."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from baton.client.errors import ClientError, NotInTime

T = TypeVar("T")

#: Longest wait (s) for an answer when the caller names none: a turn behind a restarting Rasa.
DEADLINE_S = 30.0


class Changes:
    """Tells every waiter that something changed, or that nothing will change any more."""

    def __init__(self) -> None:
        self._waiters: set[asyncio.Future[None]] = set()
        self._failure: ClientError | None = None

    def notify(self) -> None:
        """Let every waiter look again."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    def fail(self, error: ClientError) -> None:
        """Raise this in every waiter, now and later."""
        self._failure = error
        self.notify()

    async def until(
        self, look: Callable[[], T | None], *, what: str, deadline_s: float = DEADLINE_S
    ) -> T:
        """Return the first thing that `look` finds.

        Args:
            look: called now and after each change; None means "not yet".
            what: names the thing in the error.
            deadline_s: longest wait in seconds.

        Raises:
            NotInTime: it was not there before the deadline.
            ClientError: the connection failed for good.
        """
        try:
            async with asyncio.timeout(deadline_s):
                while True:
                    found = look()
                    if found is not None:
                        return found
                    if self._failure is not None:
                        raise self._failure
                    await self._next()
        except TimeoutError:
            raise NotInTime(what, deadline_s) from None

    async def _next(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
