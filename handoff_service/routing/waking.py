"""Waits for a moment or for news, whichever comes first."""

import asyncio

from handoff_service.clock import Clock


async def sleep_until(clock: Clock, at_ms: int, *, woken: asyncio.Event) -> None:
    """Return at `at_ms`, or as soon as `woken` is set."""
    waits = asyncio.ensure_future(woken.wait()), asyncio.ensure_future(clock.sleep_until(at_ms))
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await asyncio.gather(*waits, return_exceptions=True)
