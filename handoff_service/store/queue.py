"""Reads who waits, for how long, and what is due; changes nothing."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handoff_service.conversation import Needs
from handoff_service.domain import QueueStats, State
from handoff_service.routing.policy import Waiting
from handoff_service.store.keys import Keys
from handoff_service.store.transport import Client, translated

#: How much of each kind one look takes at most; more is left to the next look.
LOOK = 100
#: What the choice of an agent depends on.
_FIELDS = (
    "state",
    "epoch",
    "language",
    "waiting_since_ms",
    "needs",
    "needs_since_ms",
    "returned",
    "any_language",
    "consent_asked",
    "widened",
    "wanted_agent",
    "known_agent",
    "passed_by",
    "passed_ms",
    "customer_id",
)


@dataclass(frozen=True, slots=True)
class Due:
    """Conversations or agents whose time has come, and the earliest time of all, come or not."""

    ids: tuple[str, ...]
    next_ms: int | None


@dataclass(frozen=True, slots=True)
class Look:
    """All that has a deadline, read in one round trip."""

    offers: Due  #: offered conversations, by the deadline
    timers: Due  #: conversations whose wrap-up or idle time ends
    parked: Due  #: conversations, by when their agents want them back
    silent: Due  #: agents, by the last heartbeat
    gone: Due  #: conversations in line, by when their customer was last seen


class Queue:
    """The sorted sets of one desk. All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys) -> None:
        """Use the queue of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys

    async def look(self, *, now_ms: int, lost_at_ms: int, gone_at_ms: int) -> Look:
        """Return what is due at `now_ms`. Lists are cut at LOOK entries.

        An agent is silent who was last seen at `lost_at_ms` or before; a customer in line is gone
        who was at `gone_at_ms`.
        """
        keys = self._keys
        # The last ms of an offer is the agent's.
        until = {
            keys.offers: now_ms - 1,
            keys.timers: now_ms,
            keys.parked: now_ms,
            keys.seen: lost_at_ms,
            keys.present: gone_at_ms,
        }
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for key, limit in until.items():
                    pipe.zrangebyscore(key, "-inf", limit, start=0, num=LOOK)
                    pipe.zrange(key, 0, 0, withscores=True)
                answers = await pipe.execute()
        return Look(
            *(
                Due(tuple(ids), int(first[0][1]) if first else None)
                for ids, first in zip(answers[::2], answers[1::2], strict=True)
            )
        )

    async def everyone(self) -> list[str]:
        """Return all who wait for an offer, in the order of service, left messages last."""
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.zrange(self._keys.queue, 0, -1)
                pipe.zrange(self._keys.left, 0, -1)
                waiting, left = await pipe.execute()
        return [*waiting, *left]

    async def offered(self) -> list[str]:
        """Return all that are before an agent."""
        with translated():
            return list(await self._redis.zrange(self._keys.offers, 0, -1))

    async def read(self, conversation_ids: Sequence[str]) -> dict[str, Waiting]:
        """Return those of the conversations that wait for an offer, by id."""
        if not conversation_ids:
            return {}
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for name in conversation_ids:
                    pipe.hmget(self._keys.conversation(name), _FIELDS)
                rows = await pipe.execute()
            found = {
                name: fields
                for name, row in zip(conversation_ids, rows, strict=True)
                if (fields := dict(zip(_FIELDS, row, strict=True)))["state"]
                in {State.WAITING, State.MESSAGE_LEFT}
            }
            if not found:
                return {}
            known = await self._redis.mget(
                [self._keys.agent_of(fields["customer_id"]) for fields in found.values()]
            )
        return {
            name: _waiting(name, fields, known_agent=agent_id)
            for (name, fields), agent_id in zip(found.items(), known, strict=True)
        }

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


def _waiting(
    conversation_id: str, fields: Mapping[str, str | None], *, known_agent: str | None
) -> Waiting:
    """Read the fields of conv:<id> that a choice depends on."""
    since_ms = int(fields["waiting_since_ms"] or 0)
    passed_ms = fields["passed_ms"]
    return Waiting(
        conversation_id=conversation_id,
        epoch=int(fields["epoch"] or 0),
        language=fields["language"] or "",
        waiting_since_ms=since_ms,
        needs=Needs.from_json(json.loads(fields["needs"])) if fields["needs"] else Needs(),
        needs_since_ms=int(fields["needs_since_ms"] or since_ms),
        left=fields["state"] == State.MESSAGE_LEFT,
        returned=fields["returned"] is not None,
        any_language=fields["any_language"] is not None,
        consent_asked=fields["consent_asked"] is not None,
        told=tuple((fields["widened"] or "").split()),
        wanted_agent=fields["wanted_agent"],
        known_agent=fields["known_agent"] or known_agent,
        passed_by=tuple((fields["passed_by"] or "").split()),
        passed_ms=int(passed_ms) if passed_ms else None,
    )
