"""Where time comes from, so that rules get it as an argument and tests own it."""

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Tells the time in ms since the epoch and waits for a moment of it."""

    def now_ms(self) -> int:
        """Return the present."""
        ...

    async def sleep_until(self, at_ms: int) -> None:
        """Return once `now_ms()` is `at_ms` or later."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now_ms(self) -> int:
        """Return the wall clock's time."""
        return time.time_ns() // 1_000_000

    async def sleep_until(self, at_ms: int) -> None:
        """Sleep, again if the wall clock was set back meanwhile."""
        while (left_ms := at_ms - self.now_ms()) > 0:  # noqa: ASYNC110 - time raises no event
            await asyncio.sleep(left_ms / 1000)


class ManualClock:
    """A clock that moves only when told to: for tests and simulations."""

    def __init__(self, now_ms: int = 1_700_000_000_000) -> None:
        """Start at `now_ms`."""
        self._now_ms = now_ms
        self._moved = asyncio.Event()

    def now_ms(self) -> int:
        """Return the time it was last moved to."""
        return self._now_ms

    def advance(self, ms: int) -> int:
        """Move forward by `ms`, wake whoever waits, return the new time."""
        self._now_ms += ms
        self._moved.set()
        self._moved = asyncio.Event()
        return self._now_ms

    async def sleep_until(self, at_ms: int) -> None:
        """Wait for `advance` to reach `at_ms`."""
        while self._now_ms < at_ms:
            await self._moved.wait()
