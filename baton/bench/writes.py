"""What it costs to have every message on disk, and on a replica, before it is acknowledged."""

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from redis.asyncio import Redis

from baton.bench.desk import LOOK_S, START_S, private_redis
from baton.client.percentile import percentile
from baton.launcher.system import CannotRun
from handoff_service.clock import SystemClock
from handoff_service.durability import Durability
from handoff_service.settings import Settings
from handoff_service.store import Store, open_store

#: Each way is measured so often, in turns, so that what else the machine does falls on all alike.
ROUNDS = 3
WAYS = tuple(
    (durability, replicas)
    for durability in (Durability.EVERYSEC, Durability.ALWAYS)
    for replicas in (0, 1)
)


async def measure_writes(messages: int, *, senders: int) -> list[dict[str, Any]]:
    """Return a row for each way: what was asked of Redis, ms a message, messages a second.

    Args:
        messages: of each way, in all rounds together.
        senders: how many send at the same time, each in a conversation of its own.

    Raises:
        NoRedisServer, CannotRun: as the message says.
    """
    taken: dict[tuple[Durability, int], list[float]] = {way: [] for way in WAYS}
    spent: dict[tuple[Durability, int], float] = dict.fromkeys(WAYS, 0.0)
    async with private_redis("primary") as (url, _), private_redis("replica") as (other, _):
        await _follow(other, url)
        for _ in range(ROUNDS):
            for way in WAYS:
                times, seconds = await _round(
                    url, *way, messages=messages // ROUNDS, senders=senders
                )
                taken[way] += times
                spent[way] += seconds
    return [
        {
            "appendfsync": way[0].value,
            "wait_replicas": way[1],
            "messages": len(times),
            "p50_ms": round(percentile(times, 50), 2),
            "p99_ms": round(percentile(times, 99), 2),
            "per_s": round(len(times) / spent[way]),
        }
        for way, times in taken.items()
    ]


async def _round(
    url: str, durability: Durability, replicas: int, *, messages: int, senders: int
) -> tuple[list[float], float]:
    settings = Settings(
        internal_secret=secrets.token_hex(16),
        signing_key=secrets.token_hex(16),
        rasa_token=secrets.token_hex(16),
        redis_url=url,
        redis_durability=durability,
        redis_wait_replicas=replicas,
        desk=f"bench-{secrets.token_hex(4)}",
    )
    async with Redis.from_url(url) as admin:
        await admin.config_set("appendfsync", durability.value)
    async with await open_store(settings) as store:
        began = time.perf_counter()
        sent = await asyncio.gather(
            *(_send(store, f"talk{n}", messages // senders) for n in range(senders))
        )
        seconds = time.perf_counter() - began
    return [ms for times in sent for ms in times], seconds


async def _send(store: Store, name: str, count: int) -> list[float]:
    clock, times = SystemClock(), []
    await store.conversations.start(
        name, customer_id=f"of-{name}", locale="en", now_ms=clock.now_ms()
    )
    for number in range(count):
        began = time.perf_counter()
        await store.conversations.post_customer_message(
            name,
            message_id=f"m{number}",
            text="my hub restarts again",
            locale="en",
            payload=None,
            now_ms=clock.now_ms(),
        )
        times.append((time.perf_counter() - began) * 1000)
    return times


async def _follow(url: str, primary_url: str) -> None:
    """Make one Redis the replica of the other; return once it confirms what is written there."""
    primary = urlsplit(primary_url)
    async with Redis.from_url(url) as replica:
        await replica.config_set("masterauth", primary.password or "")
        await replica.replicaof(str(primary.hostname), str(primary.port))
    async with Redis.from_url(primary_url) as admin:
        await _until(lambda: _confirmed(admin))


async def _confirmed(admin: Redis) -> bool:
    await admin.set("written", 1)
    return int(await admin.wait(1, 200)) == 1


async def _until(ready: Callable[[], Awaitable[bool]]) -> None:
    end = asyncio.get_running_loop().time() + START_S
    while not await ready():
        if asyncio.get_running_loop().time() > end:
            raise CannotRun("the replica does not follow its primary")
        await asyncio.sleep(LOOK_S)
