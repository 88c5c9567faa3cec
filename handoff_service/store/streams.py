"""Reading Redis streams: tails that survive a restart, and consumer groups."""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

from redis.exceptions import ResponseError

from handoff_service.errors import StoreUnavailable
from handoff_service.store.patience import pause
from handoff_service.store.transport import Client, translated

logger = logging.getLogger(__name__)

#: How long one blocking read waits: well below the shortest socket time-out a setting allows (1 s).
BLOCK_MS = 800
#: Before every entry.
START = "0-0"
#: Entries taken in one read.
BATCH = 200
#: Entries that come closer together than this (s) are read together: a read for each would cost a
#: process a third of its time at a thousand a second, which delays them by more than this.
GATHER_S = 0.002
#: Ids a tail remembers, to go back to: those of some seconds at the busiest.
RECENT = 5000

Entry = tuple[str, dict[str, str]]
#: Tells whether the entry of this id, and all before it, outlive a failover; or raises
#: StoreUnavailable.
Certain: TypeAlias = Callable[[str], Awaitable[bool]]


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
    return newest[0][0] if newest else START


async def tail(
    redis: Client,
    key: str,
    *,
    after_id: str,
    count: int = BATCH,
    certain: Certain | None = None,
) -> AsyncIterator[list[Entry]]:
    """Yield batches of entries after `after_id`, for ever; wait while Redis is away.

    What is not `certain` yet is not given out: what people have seen cannot be taken back.
    After a failover the new primary may lack the last entries that the old one had, and number new
    ones from before them: the tail goes back to the last entry that both have.
    """
    tries, loop = 0, asyncio.get_running_loop()
    recent = deque([after_id], maxlen=RECENT)
    while True:
        begun = loop.time()
        try:
            if tries:
                after_id = await last_common(redis, key, recent)
            with translated():
                answer: Any = await redis.xread({key: after_id}, count=count, block=BLOCK_MS)
            if not answer:
                after_id = await last_common(redis, key, recent)
            elif certain is not None and not await certain(answer[-1][1][-1][0]):
                raise StoreUnavailable("a failover took back what was read")
        except StoreUnavailable as error:
            tries = await pause(tries, error=error, what=key)
            continue
        tries = 0
        for _, entries in answer:
            after_id = entries[-1][0]
            recent.extend(entry_id for entry_id, _ in entries)
            yield entries
            if len(entries) < count and loop.time() - begun < GATHER_S:
                await asyncio.sleep(GATHER_S)


async def last_common(redis: Client, key: str, recent: deque[str]) -> str:
    """Return the newest id of `recent`, unless the stream ends before it: then one it still has."""
    end = await _end(redis, key)
    ended, newest = recent[-1], _order(end)
    if newest >= _order(ended):
        return ended
    while recent and not await _has(redis, key, recent[-1], newest=newest):
        recent.pop()
    if not recent:
        recent.append(end)
    logger.warning("%s ends before %s, which was read: going on from %s", key, ended, recent[-1])
    return recent[-1]


async def _has(redis: Client, key: str, entry_id: str, *, newest: tuple[int, int]) -> bool:
    if _order(entry_id) > newest:
        return False
    with translated():
        return entry_id == START or bool(await redis.xrange(key, entry_id, entry_id))


async def _end(redis: Client, key: str) -> str:
    """Return the last id that was ever given, whether its entry is still there or not."""
    with translated():
        try:
            info: dict[str, str] = await redis.xinfo_stream(key)
        except ResponseError as error:
            if "no such key" not in str(error):
                raise
            return START
    return info["last-generated-id"]


def _order(entry_id: str) -> tuple[int, int]:
    ms, _, number = entry_id.partition("-")
    return int(ms), int(number)


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
