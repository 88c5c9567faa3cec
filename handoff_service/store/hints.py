"""What is unusual at present: found by one replica, shown by all."""

import json
from collections.abc import Sequence

from handoff_service.domain import Json
from handoff_service.store.keys import HINTS_KEPT_S, Keys
from handoff_service.store.transport import Client, translated


class Hints:
    """All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys) -> None:
        """Use those of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys

    async def read(self) -> list[Json]:
        """Return what was found last; nothing when nobody has looked for a while."""
        with translated():
            text = await self._redis.get(self._keys.hints)
        return json.loads(text) if text else []

    async def write(self, hints: Sequence[Json]) -> None:
        """Replace what was found before."""
        with translated():
            await self._redis.set(
                self._keys.hints, json.dumps(list(hints), ensure_ascii=False), ex=HINTS_KEPT_S
            )
