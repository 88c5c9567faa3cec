"""What the live store lets go once it is in the history, and takes back when somebody returns."""

from collections.abc import Mapping, Sequence

from handoff_service.past import Past
from handoff_service.store.codec import to_json, without_none
from handoff_service.store.keys import Keys
from handoff_service.store.results import Outcome, RestoreResult
from handoff_service.store.scripts import Scripts
from handoff_service.store.transitions import Transitions
from handoff_service.store.transport import Client, translated


class PastConversations:
    """Closed conversations of one desk. All methods raise StoreUnavailable."""

    def __init__(
        self, redis: Client, keys: Keys, *, scripts: Scripts, transitions: Transitions
    ) -> None:
        """Use the conversations of the desk that `keys` names."""
        self._redis = redis
        self._keys = keys
        self._scripts = scripts
        self._transitions = transitions

    async def closed_until(self, until_ms: int, *, count: int) -> list[str]:
        """Return conversations that were closed at `until_ms` or before, the oldest first."""
        with translated():
            return list(
                await self._redis.zrangebyscore(
                    self._keys.closed, "-inf", until_ms, start=0, num=count
                )
            )

    async def forget(
        self, conversation_ids: Sequence[str], *, until_ms: int, archived_before: str
    ) -> list[str]:
        """Delete those that were closed at `until_ms` or before and are wholly in the history.

        `archived_before`: as `Log.archived_before` says. Returns which are gone.
        """
        if not conversation_ids:
            return []
        keys = [self._keys.closed]
        for conversation_id in conversation_ids:
            keys += self._keys.of_conversation(conversation_id)
        return await self._scripts.call(
            "forget", keys, args=[until_ms, archived_before, *conversation_ids]
        )

    async def shorten(self, archived: Mapping[str, int], *, keep: int) -> None:
        """Drop events of conversations but for about the last `keep` before the one given.

        `archived`: conversation → up to which number every event is in the history.
        """
        longer = {name: seq - keep for name, seq in archived.items() if seq > keep}
        if not longer:
            return
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for conversation_id, seq in longer.items():
                    # About: whole nodes of the stream go at once, which costs next to nothing.
                    pipe.xtrim(
                        self._keys.events(conversation_id), minid=f"{seq}-0", approximate=True
                    )
                await pipe.execute()

    async def restore(self, past: Past, *, now_ms: int) -> Outcome[RestoreResult]:
        """Bring a forgotten conversation back, closed: RESTORED, or EXISTS: it never was away."""
        fields = {
            "customer_id": past.customer_id,
            "identity": past.identity and to_json(past.identity.to_json()),
            "language": past.language,
            "started_ms": past.started_ms,
            "seq": past.last_seq,
            "epoch": past.epoch,
            "turn": past.turn,
            "turn_done": past.turn,
            "page": past.page and to_json(past.page),
            "stars": past.stars,
            "known_agent": past.known_agent,
        }
        words = {name: str(value) for name, value in without_none(fields).items()}
        ids = {message_id: str(seq) for message_id, seq in past.ids.items()}
        events: list[str | int] = []
        for event in past.latest:
            events += [event.seq, to_json(event.to_json())]
        return await self._transitions.run(
            "restore",
            past.conversation_id,
            now_ms=now_ms,
            args=[
                to_json(words),
                to_json(ids),
                "closed" if past.closed else "open",
                *events,
            ],
            result=RestoreResult,
        )
