"""Celery: `celery -A baton.rivals.celery_jobs worker`, `-m baton.rivals.celery_jobs JOBS RATE`."""

import sys
import time

from celery import Celery
from redis import Redis

from baton.rivals.job_times import STARTED, due, redis_url, report

app = Celery("rival", broker=redis_url())
app.conf.task_ignore_result = True
_redis = Redis.from_url(redis_url())


@app.task(name="note_start")  # type: ignore[untyped-decorator]  # Celery has no types
def note_start(enqueued: float) -> None:
    """Be the job: note how long ago it was enqueued (CLOCK_MONOTONIC, one for all processes)."""
    waited = time.monotonic() - enqueued
    _redis.rpush(STARTED, repr(waited))


def main(jobs: int, rate: float) -> None:
    """Enqueue jobs evenly."""
    begun = time.monotonic()
    for number in range(jobs):
        time.sleep(max(0.0, due(begun, number, rate)))
        app.send_task("note_start", (time.monotonic(),))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
    report(int(sys.argv[1]))
