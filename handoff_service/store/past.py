"""What the live store lets go once it is in the history, and takes back when somebody returns."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from redis.exceptions import RedisError

from handoff_service.domain import Json
from handoff_service.past import Past
from handoff_service.store.codec import to_json, without_none
from handoff_service.store.keys import Keys
from handoff_service.store.results import EraseResult, Outcome, RestoreResult
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

    async def known_of(self, customer_id: str) -> int:
        """Return how many things are known of a customer beside their conversations."""
        with translated():
            return int(await self._redis.exists(*self._keys.about_customer(customer_id)))

    async def still_there(self, conversation_ids: Sequence[str]) -> set[str]:
        """Return those that the live store has."""
        if not conversation_ids:
            return set()
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for conversation_id in conversation_ids:
                    pipe.exists(self._keys.conversation(conversation_id))
                found = await pipe.execute()
        return {name for name, there in zip(conversation_ids, found, strict=True) if there}

    async def rewrite(self) -> None:
        """Have Redis write its append-only file anew, without what was deleted, if it does that."""
        with suppress(RedisError):
            await self._redis.bgrewriteaof()

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

    async def erase(self, conversation_id: str, *, now_ms: int) -> Outcome[EraseResult]:
        """Delete a conversation in whatever state; who has it open reads conversation.erased.

        Raises NoSuchConversation.
        """
        return await self._transitions.run_on_holder(
            "erase", conversation_id, now_ms=now_ms, result=EraseResult
        )

    async def forget_customer(self, customer_id: str) -> int:
        """Delete what is known of a customer beside their conversations; how many things it was."""
        with translated():
            return int(await self._redis.delete(*self._keys.about_customer(customer_id)))

    async def restore(self, past: Past, *, now_ms: int) -> Outcome[RestoreResult]:
        """Bring a forgotten conversation back, closed: RESTORED, or EXISTS: it never was away."""
        fields = {
            "customer_id": past.customer_id,
            "identity": past.identity and to_json(past.identity.to_json()),
            "site": past.site or None,
            "language": past.language,
            "started_ms": past.started_ms,
            "seq": past.last_seq,
            "epoch": past.epoch,
            "turn": past.turn,
            "turn_done": past.turn,
            "page": past.page and to_json(past.page),
            "stars": past.stars,
            "known_agent": past.known_agent,
            "tags": to_json(list(past.tags)) if past.tags else None,
            **_survey(past.survey),
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


def _survey(asked: Json | None) -> Json:
    """Return the fields by which an answer to it is taken (answer_survey.lua)."""
    if asked is None:
        return {}
    return {
        "survey": asked["kind"],
        "survey_about": asked["about"],
        "survey_after": asked["after"],
        "survey_seq": asked["seq"],
    }
