"""Where time comes from, so that rules get it as an argument and tests own it."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

#: Further apart than this (ms), two clocks did not drift: one of them was set.
JUMP_MS = 2000
#: A clock that is a little off runs so much faster or slower until it is right.
_SLEW = 0.1


class Clock(Protocol):
    """Tells the time in ms since the epoch and waits for a moment of it."""

    def now_ms(self) -> int:
        """Return the present."""
        ...

    def watched_from_ms(self) -> int:
        """Return since when nobody's sign of life can have been missed; 0: since ever."""
        ...

    async def sleep_until(self, at_ms: int) -> None:
        """Return once `now_ms()` is `at_ms` or later."""
        ...


class SystemClock:
    """Starts at the machine's time, goes on evenly whatever is done to it, and can be steered."""

    def __init__(
        self,
        *,
        monotonic_ns: Callable[[], int] = time.monotonic_ns,
        wall_ns: Callable[[], int] = time.time_ns,
    ) -> None:
        """Read both clocks of the machine once."""
        self._monotonic_ns = monotonic_ns
        self._from_ns = monotonic_ns()
        self._base_ms = wall_ns() / 1e6
        self._owed_ms = 0.0
        self._watched_from_ms = 0

    def now_ms(self) -> int:
        """Return the present; never less than before."""
        return int(self._exact_ms())

    def watched_from_ms(self) -> int:
        """Return when the last gap ended."""
        return self._watched_from_ms

    def steer(self, target_ms: int) -> None:
        """Go to `target_ms`: at once when it is far ahead, else by running faster or slower."""
        now = self._exact_ms()
        ahead = target_ms - now
        self._base_ms, self._from_ns = now, self._monotonic_ns()
        self._owed_ms = ahead
        if ahead > JUMP_MS:
            self._base_ms, self._owed_ms = float(target_ms), 0.0

    def end_gap(self) -> None:
        """Say that until now signs of life may have been missed."""
        self._watched_from_ms = self.now_ms()

    async def sleep_until(self, at_ms: int) -> None:
        """Sleep, again if the clock was slowed down meanwhile."""
        while (left_ms := at_ms - self.now_ms()) > 0:  # noqa: ASYNC110 - time raises no event
            await asyncio.sleep(left_ms / 1000)

    def _exact_ms(self) -> float:
        passed = (self._monotonic_ns() - self._from_ns) / 1e6
        most = passed * _SLEW
        return self._base_ms + passed + max(-most, min(most, self._owed_ms))


class ManualClock:
    """A clock that moves only when told to: for tests and simulations."""

    def __init__(self, now_ms: int = 1_700_000_000_000) -> None:
        """Start at `now_ms`."""
        self._now_ms = now_ms
        self._watched_from_ms = 0
        self._moved = asyncio.Event()

    def now_ms(self) -> int:
        """Return the time it was last moved to."""
        return self._now_ms

    def watched_from_ms(self) -> int:
        """Return when `end_gap` was called last."""
        return self._watched_from_ms

    def end_gap(self) -> None:
        """Say that until now signs of life may have been missed."""
        self._watched_from_ms = self._now_ms

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
