"""Reads who waits, for how long, and what is due; changes nothing."""

from dataclasses import dataclass

from handoff_service.domain import QueueStats
from handoff_service.store.keys import Keys
from handoff_service.store.transport import Client, translated


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When the next thing is due, ms since the epoch; None: nothing of its kind."""

    offer_ms: int | None  #: the offer that expires first
    timer_ms: int | None  #: the wrap-up or idle conversation that closes first
    seen_ms: int | None  #: last heartbeat of the agent who was silent longest


class Queue:
    """The sorted sets of one desk. All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys) -> None:
        """Use the queue of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys

    async def waiting(self, *, start: int = 0, count: int = 100) -> list[str]:
        """Return waiting conversations, longest waiting first, from rank `start`."""
        return await self._page(self._keys.queue, start=start, count=count)

    async def left(self, *, start: int = 0, count: int = 100) -> list[str]:
        """Return conversations whose customer left a message, oldest first, from rank `start`."""
        return await self._page(self._keys.left, start=start, count=count)

    async def place(self, conversation_id: str) -> int | None:
        """Return the place in line, 1 is next; None when it does not wait."""
        with translated():
            rank: int | None = await self._redis.zrank(self._keys.queue, conversation_id)
        return None if rank is None else rank + 1

    async def stats(self) -> QueueStats:
        """Return how many wait, and since when the longest."""
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.zcard(self._keys.queue)
                pipe.zrange(self._keys.queue, 0, 0, withscores=True)
                waiting, head = await pipe.execute()
        return QueueStats(waiting, int(head[0][1]) if head else None)

    async def due_offers(self, *, now_ms: int, count: int = 100) -> list[str]:
        """Return offered conversations whose deadline is before `now_ms`."""
        return await self._due(self._keys.offers, f"({now_ms}", count=count)

    async def due_timers(self, *, now_ms: int, count: int = 100) -> list[str]:
        """Return conversations whose wrap-up or idle time is over."""
        return await self._due(self._keys.timers, str(now_ms), count=count)

    async def deadlines(self) -> Deadlines:
        """Return the next moment of each kind."""
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for key in (self._keys.offers, self._keys.timers, self._keys.seen):
                    pipe.zrange(key, 0, 0, withscores=True)
                answers = await pipe.execute()
        return Deadlines(*(int(first[0][1]) if first else None for first in answers))

    async def _page(self, key: str, *, start: int, count: int) -> list[str]:
        with translated():
            return list(await self._redis.zrange(key, start, start + count - 1))

    async def _due(self, key: str, until: str, *, count: int) -> list[str]:
        with translated():
            return list(await self._redis.zrangebyscore(key, "-inf", until, start=0, num=count))
