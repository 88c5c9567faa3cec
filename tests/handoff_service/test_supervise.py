"""Background tasks are owned: a crash is known, an end is awaited."""

import asyncio
import logging

import pytest

from handoff_service.clock import ManualClock, SystemClock
from handoff_service.supervise import Supervisor


async def test_a_crash_is_logged_and_named(caplog):
    async def crash():
        raise RuntimeError("boom")

    supervisor = Supervisor()
    with caplog.at_level(logging.CRITICAL):
        supervisor.start("router", crash())
        assert await asyncio.wait_for(supervisor.failed, 5) == "router"

    assert "task router crashed" in caplog.text
    assert "boom" in caplog.text
    await supervisor.aclose()


async def test_a_task_that_ends_by_itself_counts_as_failed():
    async def leave():
        return

    supervisor = Supervisor()
    supervisor.start("archiver", leave())

    assert await asyncio.wait_for(supervisor.failed, 5) == "archiver"
    await supervisor.aclose()


async def test_closing_waits_until_each_task_has_cleaned_up():
    cleaned = []

    async def work():
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(True)

    supervisor = Supervisor()
    supervisor.start("worker", work())
    await asyncio.sleep(0)
    await supervisor.aclose()

    assert cleaned == [True]
    assert supervisor.failed.cancelled()


async def test_a_manual_clock_wakes_sleepers_when_their_time_has_come():
    clock = ManualClock(0)
    sleeper = asyncio.ensure_future(clock.sleep_until(100))

    clock.advance(99)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not sleeper.done()

    clock.advance(1)
    await asyncio.wait_for(sleeper, 5)


async def test_the_system_clock_returns_at_once_for_a_moment_that_is_over():
    clock = SystemClock()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(clock.sleep_until(clock.now_ms() + 60_000), 0.01)

    await asyncio.wait_for(clock.sleep_until(clock.now_ms() - 1), 5)
