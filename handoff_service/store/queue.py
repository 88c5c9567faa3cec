"""Reads who waits, for how long, and what is due; changes nothing."""

from dataclasses import dataclass

from handoff_service.domain import QueueStats
from handoff_service.store.keys import Keys
from handoff_service.store.transport import Client, translated

#: How much of each kind one look takes at most; more is left to the next look.
LOOK = 100


@dataclass(frozen=True, slots=True)
class Look:
    """All that a router wants to know before it decides, read in one round trip."""

    due_offers: tuple[str, ...]  #: offered conversations whose deadline is over
    due_timers: tuple[str, ...]  #: conversations whose wrap-up or idle time is over
    silent_agents: tuple[str, ...]  #: agents whose last heartbeat is too old
    next_offer_ms: int | None  #: the earliest deadline of an offer, over or not
    next_timer_ms: int | None  #: the earliest end of a wrap-up or idle time, over or not
    oldest_heartbeat_ms: int | None
    online: tuple[str, ...]  #: agents who take conversations
    waiting: tuple[str, ...]  #: the head of the queue, next one first
    left: tuple[str, ...]  #: conversations whose customer left a message, oldest first


class Queue:
    """The sorted sets of one desk. All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys) -> None:
        """Use the queue of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys

    async def look(self, *, now_ms: int, lost_at_ms: int) -> Look:
        """Return what is due at `now_ms`, and who waits. Lists are cut at LOOK entries.

        An agent is silent who was last seen at `lost_at_ms` or before.
        """
        keys = self._keys
        until = {keys.offers: f"({now_ms}", keys.timers: now_ms, keys.seen: lost_at_ms}
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for key, limit in until.items():
                    pipe.zrangebyscore(key, "-inf", limit, start=0, num=LOOK)
                for key in until:
                    pipe.zrange(key, 0, 0, withscores=True)
                pipe.smembers(keys.online)
                for key in (keys.queue, keys.left):
                    pipe.zrange(key, 0, LOOK - 1)
                answers = await pipe.execute()
        due_offers, due_timers, silent, *heads, online, waiting, left = answers
        next_offer, next_timer, oldest = (int(head[0][1]) if head else None for head in heads)
        return Look(
            due_offers=tuple(due_offers),
            due_timers=tuple(due_timers),
            silent_agents=tuple(silent),
            next_offer_ms=next_offer,
            next_timer_ms=next_timer,
            oldest_heartbeat_ms=oldest,
            online=tuple(online),
            waiting=tuple(waiting),
            left=tuple(left),
        )

    async def waiting(self, *, start: int = 0, count: int = LOOK) -> list[str]:
        """Return waiting conversations, in the order of service, from rank `start`."""
        return await self._page(self._keys.queue, start=start, count=count)

    async def left(self, *, start: int = 0, count: int = LOOK) -> list[str]:
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
                pipe.zrange(self._keys.since, 0, 0, withscores=True)
                waiting, head = await pipe.execute()
        return QueueStats(waiting, int(head[0][1]) if head else None)

    async def _page(self, key: str, *, start: int, count: int) -> list[str]:
        with translated():
            return list(await self._redis.zrange(key, start, start + count - 1))
