"""Passing things worth telling every replica but not worth keeping: presence, typing."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from handoff_service.domain import Json
from handoff_service.store import streams
from handoff_service.store.keys import SIGNALS_KEPT, Keys
from handoff_service.store.transport import Client, translated

#: Kind of the signals the store sends itself: {"agent_id","status","reason"}.
PRESENCE = "presence"
#: That an account changed or sessions of it ended: {"agent_id"}; its tabs look at it anew.
ACCOUNT = "account"
#: What a supervisor did about an agent: {"agent_id","by_name", what it is now, "note"}.
SUPERVISED = "supervised"
#: Kind of the signals that tell of a change of who looks at a conversation: {"conversation_id"}.
VIEWERS = "viewers"
#: Kind of the signals that tell an agent's other tabs of a draft: {"agent_id","conversation_id",
#: "tab"}.
DRAFT = "draft"
#: What is unusual has changed: {}.
HINTS = "hints"
#: What maintainers look at has changed: {}.
LEARNING = "learning"


@dataclass(frozen=True, slots=True)
class Signal:
    """One of them. May be lost when a reader lags: who gets one reads the truth elsewhere."""

    kind: str
    data: Json


class Signals:
    """A short stream of the desk, capped."""

    def __init__(self, redis: Client, keys: Keys) -> None:
        """Use the signals of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys

    async def send(self, kind: str, data: Json) -> None:
        """Tell every replica, this one included. Raises StoreUnavailable."""
        fields: dict[str, str] = {"kind": kind, "data": json.dumps(data, ensure_ascii=False)}
        with translated():
            await self._redis.xadd(
                self._keys.signals, fields, maxlen=SIGNALS_KEPT, approximate=True
            )

    async def last_id(self) -> str:
        """Return the newest signal's id."""
        return await streams.last_id(self._redis, self._keys.signals)

    async def tail(self, after_id: str) -> AsyncIterator[Signal]:
        """Yield every signal after `after_id`, for ever, through restarts of Redis."""
        async for batch in streams.tail(self._redis, self._keys.signals, after_id=after_id):
            for _, fields in batch:
                yield Signal(fields["kind"], json.loads(fields["data"]))
