"""How long jobs of a work queue take from enqueued to started: what both queues share."""

import json
import os
import sys
import time

from redis import Redis

#: The environment variable that tells a queue its Redis.
REDIS_URL = "BATON_RIVAL_REDIS_URL"
#: LIST of seconds, one a started job.
STARTED = "rival:started"
#: Longest wait (s) for the last job.
PATIENCE_S = 60.0


def redis_url() -> str:
    """Return where the queue lives."""
    return os.environ[REDIS_URL]


def due(begun: float, number: int, rate: float) -> float:
    """Return how long (s) to wait until a job is due that is the `number`th of `rate` a second."""
    return begun + number / rate - time.monotonic()


def report(jobs: int) -> None:
    """Wait until all have started; print {"times_s": […]} on stdout, fewer when some never did."""
    with Redis.from_url(redis_url()) as redis:
        end = time.monotonic() + PATIENCE_S
        while redis.llen(STARTED) < jobs and time.monotonic() < end:
            time.sleep(0.05)
        times = [float(text) for text in redis.lrange(STARTED, 0, -1)]
        redis.delete(STARTED)
    json.dump({"times_s": times}, sys.stdout)
