"""What recent handoffs came to: how long talks took, and how promised waits ended."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from handoff_service.routing.wait import Interval
from handoff_service.store.keys import Keys
from handoff_service.store.transport import Client, translated

#: So many of either are kept. The latest say how things are now; a busy hour has no more.
KEPT = 500


class Handled(NamedTuple):
    """One talk of an agent with a customer, times in ms."""

    name: str  #: of the conversation and of its event: the same talk is noted once
    language: str
    skill: str | None
    answer_ms: int  #: from the offer until it was accepted
    handle_ms: int  #: from the acceptance until the agent was free again


class Waited(NamedTuple):
    """One wait whose length was told beforehand, times in ms."""

    name: str
    low_ms: int
    high_ms: int
    wait_ms: int

    @property
    def held(self) -> bool:
        """Whether it ended inside the interval."""
        return Interval(self.low_ms, self.high_ms).holds(self.wait_ms)


@dataclass(frozen=True, slots=True)
class Recent:
    """The latest of both, oldest first."""

    handled: tuple[Handled, ...] = ()
    waited: tuple[Waited, ...] = ()


class Paces:
    """Notes of every replica, together. All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys) -> None:
        """Use the notes of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys

    async def note(
        self, handled: Sequence[Handled], waited: Sequence[Waited], *, now_ms: int
    ) -> None:
        """Add to what is known; what another replica has noted already changes nothing."""
        noted = ((self._keys.handled, handled), (self._keys.waits, waited))
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for key, rows in noted:
                    if rows:
                        pipe.zadd(key, {json.dumps(row): now_ms for row in rows[-KEPT:]}, nx=True)
                        pipe.zremrangebyrank(key, 0, -KEPT - 1)
                await pipe.execute()

    async def recent(self) -> Recent:
        """Return what is known."""
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                pipe.zrange(self._keys.handled, 0, -1)
                pipe.zrange(self._keys.waits, 0, -1)
                handled, waited = await pipe.execute()
        return Recent(
            tuple(Handled(*_known(row, Handled)) for row in handled),
            tuple(Waited(*_known(row, Waited)) for row in waited),
        )


def _known(row: str, kind: type[Handled] | type[Waited]) -> list[Any]:
    """Read a row without what a newer version has added to it."""
    values: list[Any] = json.loads(row)
    return values[: len(kind._fields)]
