"""Who has a conversation open in a tab: told for a while, then forgotten."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from handoff_service.domain import Json
from handoff_service.store.codec import to_json
from handoff_service.store.keys import Keys
from handoff_service.store.transport import Client, translated

#: How long a tab that says nothing is believed to be open, ms: some heartbeats of a page.
BELIEVED_MS = 60_000


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who looks at a conversation, in one tab or more."""

    agent_id: str
    name: str
    writing: bool

    def to_json(self) -> Json:
        """Return the shape of the frame `viewers`."""
        return {"agent_id": self.agent_id, "name": self.name, "writing": self.writing}


class Viewers:
    """All methods raise StoreUnavailable. Nothing rests on what they tell: it is for people."""

    def __init__(self, redis: Client, keys: Keys) -> None:
        """Keep who looks at the conversations of one desk."""
        self._redis = redis
        self._keys = keys

    async def note(self, conversation_id: str, *, tab: str, viewer: Viewer, now_ms: int) -> None:
        """Note that a tab shows the conversation, for BELIEVED_MS from now."""
        key = self._keys.viewers(conversation_id)
        with translated():
            async with self._redis.pipeline(transaction=True) as pipe:
                pipe.hset(key, tab, to_json(viewer.to_json() | {"at_ms": now_ms}))
                pipe.pexpire(key, BELIEVED_MS)
                await pipe.execute()

    async def drop(self, conversation_id: str, *, tab: str) -> None:
        """Note that a tab shows it no longer."""
        with translated():
            await self._redis.hdel(self._keys.viewers(conversation_id), tab)

    async def read(self, conversation_id: str, *, now_ms: int) -> list[Viewer]:
        """Return who looks at it, each person once, by name."""
        with translated():
            tabs: Mapping[str, str] = await self._redis.hgetall(self._keys.viewers(conversation_id))
        people: dict[str, Viewer] = {}
        for raw in map(json.loads, tabs.values()):
            if raw["at_ms"] > now_ms - BELIEVED_MS:
                before = people.get(raw["agent_id"])
                writing = raw["writing"] or (before is not None and before.writing)
                people[raw["agent_id"]] = Viewer(raw["agent_id"], raw["name"], writing)
        return sorted(people.values(), key=lambda viewer: (viewer.name, viewer.agent_id))
