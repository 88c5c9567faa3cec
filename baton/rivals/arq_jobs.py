"""arq: `-m arq baton.rivals.arq_jobs.Worker` works, `-m baton.rivals.arq_jobs JOBS RATE` asks."""

import asyncio
import sys
import time
from typing import Any

from arq import create_pool
from arq.connections import RedisSettings

from baton.rivals.job_times import STARTED, due, redis_url, report


async def note_start(context: dict[str, Any], enqueued: float) -> None:
    """Be the job: note how long ago it was enqueued (CLOCK_MONOTONIC, one for all processes)."""
    waited = time.monotonic() - enqueued
    await context["redis"].rpush(STARTED, repr(waited))


class Worker:
    """What arq's command line runs, with its defaults."""

    functions = (note_start,)
    redis_settings = RedisSettings.from_dsn(redis_url())


async def main(jobs: int, rate: float) -> None:
    """Enqueue jobs evenly."""
    pool = await create_pool(Worker.redis_settings)
    begun = time.monotonic()
    for number in range(jobs):
        await asyncio.sleep(max(0.0, due(begun, number, rate)))
        await pool.enqueue_job("note_start", time.monotonic())
    await pool.aclose()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
    report(int(sys.argv[1]))
