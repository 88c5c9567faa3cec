"""The line as those who stand in it see it: who is ahead, of what kind, and who is still there."""

import json
from collections.abc import Collection, Sequence

from handoff_service.conversation import Needs
from handoff_service.routing.policy import Requirement
from handoff_service.store.keys import Keys
from handoff_service.store.transport import Client, translated

#: The line is read in pieces of this size, so that neither Redis nor a process is held up by it.
PIECE = 5_000
#: So many conversations are asked about in one round trip, which holds up the others some 4 ms.
READ_AT_ONCE = 100


class Line:
    """All methods raise StoreUnavailable."""

    def __init__(self, redis: Client, keys: Keys) -> None:
        """Use the queue of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys

    async def whole(self) -> list[str]:
        """Return all who wait, first in line first."""
        line: list[str] = []
        while True:
            with translated():
                piece = await self._redis.zrange(self._keys.queue, len(line), len(line) + PIECE - 1)
            line += piece
            if len(piece) < PIECE:
                return line

    async def kinds(self, conversation_ids: Sequence[str]) -> dict[str, Requirement]:
        """Return what each needs at first; those who are gone are left out."""
        found: dict[str, Requirement] = {}
        for start in range(0, len(conversation_ids), READ_AT_ONCE):
            piece = conversation_ids[start : start + READ_AT_ONCE]
            with translated():
                async with self._redis.pipeline(transaction=False) as pipe:
                    for conversation_id in piece:
                        pipe.hmget(
                            self._keys.conversation(conversation_id),
                            "language",
                            "any_language",
                            "needs",
                        )
                    rows = await pipe.execute()
            for conversation_id, (language, any_language, needs) in zip(piece, rows, strict=True):
                if language is not None:
                    wants = Needs.from_json(json.loads(needs or "{}"))
                    found[conversation_id] = Requirement(
                        language=None if any_language else language,
                        skill=wants.skill,
                        level=wants.level,
                        team=wants.team,
                        agent_id=None,
                        weight=wants.weight,
                        lenient=False,
                    )
        return found

    async def attend(self, conversation_ids: Collection[str], *, now_ms: int) -> None:
        """Note that these customers are here; of those who are not in the queue, nothing."""
        if not conversation_ids:
            return
        with translated():
            await self._redis.zadd(
                self._keys.present, dict.fromkeys(conversation_ids, now_ms), xx=True, gt=True
            )
