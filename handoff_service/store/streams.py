"""Reading Redis streams: tails that survive a restart, and consumer groups."""

from collections.abc import AsyncIterator
from typing import Any

from redis.exceptions import ResponseError

from handoff_service.errors import StoreUnavailable
from handoff_service.store.patience import pause
from handoff_service.store.transport import Client, translated

#: How long one blocking read waits: well below the shortest socket time-out a setting allows (1 s).
BLOCK_MS = 800
#: Entries taken in one read.
BATCH = 200

Entry = tuple[str, dict[str, str]]


async def ensure_group(redis: Client, key: str, *, group: str) -> None:
    """Make a consumer group that starts with the oldest entry, unless it exists."""
    try:
        await redis.xgroup_create(key, group, id="0", mkstream=True)
    except ResponseError as error:
        if not str(error).startswith("BUSYGROUP"):
            raise


async def last_id(redis: Client, key: str) -> str:
    """Return the id of the newest entry, `0-0` of an empty stream. Raises StoreUnavailable."""
    with translated():
        newest: list[Entry] = await redis.xrevrange(key, count=1)
    return newest[0][0] if newest else "0-0"


async def tail(
    redis: Client, key: str, *, after_id: str, count: int = BATCH
) -> AsyncIterator[list[Entry]]:
    """Yield batches of entries after `after_id`, for ever; wait while Redis is away."""
    tries = 0
    while True:
        try:
            with translated():
                answer: Any = await redis.xread({key: after_id}, count=count, block=BLOCK_MS)
        except StoreUnavailable as error:
            tries = await pause(tries, error=error, what=key)
            continue
        tries = 0
        for _, entries in answer:
            after_id = entries[-1][0]
            yield entries


async def read_group(
    redis: Client, key: str, *, group: str, consumer: str, count: int, block_ms: int
) -> list[Entry]:
    """Return new entries for this consumer, after at most `block_ms`; [] when there are none.

    Makes the group again if it is gone (an emptied Redis). Raises StoreUnavailable.
    """
    with translated():
        try:
            answer: Any = await redis.xreadgroup(
                group, consumer, {key: ">"}, count=count, block=block_ms
            )
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            await ensure_group(redis, key, group=group)
            return []
    return [entry for _, entries in answer for entry in entries]


async def reclaim(
    redis: Client, key: str, *, group: str, consumer: str, idle_ms: int, count: int
) -> list[Entry]:
    """Take over entries whose consumer has been silent for `idle_ms`. Raises StoreUnavailable."""
    with translated():
        try:
            answer: Any = await redis.xautoclaim(
                key, group, consumer, min_idle_time=idle_ms, count=count
            )
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
            return []
    return [(entry_id, fields) for entry_id, fields in answer[1] if fields]
