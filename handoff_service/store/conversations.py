"""Conversations in the live store: start, read, write, close."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from handoff_service.conversation import Conversation, Identity
from handoff_service.domain import ClosedBy, Event, Json
from handoff_service.errors import NoSuchConversation, StoreUnavailable
from handoff_service.store.codec import read_conversation, to_json, without_none
from handoff_service.store.confirmation import Confirmation
from handoff_service.store.keys import EVENT_FIELD, Keys
from handoff_service.store.results import (
    CloseResult,
    FirstWordResult,
    LanguageResult,
    Outcome,
    PostResult,
    RateResult,
    SeenResult,
    StartResult,
    VisitResult,
    VoteResult,
)
from handoff_service.store.transitions import Transitions
from handoff_service.store.transport import Client, translated
from handoff_service.summary import Summary


class Conversations:
    """Each method is one atomic step; each may be repeated safely. All raise StoreUnavailable."""

    def __init__(
        self,
        redis: Client,
        keys: Keys,
        *,
        transitions: Transitions,
        confirmation: Confirmation | None = None,
    ) -> None:
        """Use the conversations of the desk that `keys` names.

        `confirmation`: what replicas must have before anybody is shown it.
        """
        self._redis = redis
        self._keys = keys
        self._transitions = transitions
        self._confirmation = confirmation

    async def start(
        self,
        conversation_id: str,
        *,
        customer_id: str,
        locale: str,
        now_ms: int,
        page: Json | None = None,
        utc_offset_min: int | None = None,
        device: Json | None = None,
        site: str = "",
    ) -> Outcome[StartResult]:
        """Begin a conversation with the bot (event conversation.started); `site`: on which one."""
        begun = {"customer_id": customer_id, "locale": locale, "page": page, "site": site or None}
        data = without_none(begun)
        pairs = ["customer_id", customer_id, *_visit(page, utc_offset_min, device)]
        if site:
            pairs += ["site", site]
        return await self._transitions.run(
            "start_conversation",
            conversation_id,
            now_ms=now_ms,
            args=[to_json(data), locale, *pairs],
            result=StartResult,
        )

    async def note_visit(
        self,
        conversation_id: str,
        *,
        customer_id: str,
        now_ms: int,
        identity: Identity | None = None,
        page: Json | None = None,
        utc_offset_min: int | None = None,
        device: Json | None = None,
    ) -> Outcome[VisitResult]:
        """Note who comes back to a conversation, from which page, with what, and their clock.

        `customer_id`: whom the browser's token names. NOTED, IDENTIFIED (what the site signed is
        new: event customer.identified), or NOT_YOURS: it is another customer's. Raises
        NoSuchConversation.
        """
        return await self._transitions.run(
            "note_visit",
            conversation_id,
            now_ms=now_ms,
            args=[
                customer_id,
                to_json(identity.to_json()) if identity else "",
                identity.customer_id if identity else "",
                *_visit(page, utc_offset_min, device),
            ],
            result=VisitResult,
        )

    async def get(self, conversation_id: str) -> Conversation:
        """Return a conversation. Raises NoSuchConversation."""
        with translated():
            fields = await self._redis.hgetall(self._keys.conversation(conversation_id))
        if "state" not in fields:
            raise NoSuchConversation(conversation_id)
        return read_conversation(conversation_id, fields)

    async def language(self, conversation_id: str) -> str | None:
        """Return the language the customer is spoken to in; None of a missing conversation."""
        with translated():
            language: str | None = await self._redis.hget(
                self._keys.conversation(conversation_id), "language"
            )
        return language

    async def get_many(self, conversation_ids: Sequence[str]) -> list[Conversation]:
        """Return those that exist, in the order asked for."""
        with translated():
            async with self._redis.pipeline(transaction=False) as pipe:
                for conversation_id in conversation_ids:
                    pipe.hgetall(self._keys.conversation(conversation_id))
                answers = await pipe.execute()
        found = zip(conversation_ids, answers, strict=True)
        return [read_conversation(name, fields) for name, fields in found if "state" in fields]

    async def summaries(self, conversation_ids: Sequence[str]) -> list[Summary]:
        """Return what an agent's list shows of those that exist, in the order asked for."""
        return [Summary(talk) for talk in await self.get_many(conversation_ids)]

    async def events(
        self, conversation_id: str, *, after_seq: int = 0, limit: int | None = None
    ) -> list[Event]:
        """Return the events numbered above `after_seq`, oldest first, `limit` at most.

        Where replicas confirm writes they have all of these: what people have seen cannot be
        taken back by a failover.
        """
        key = self._keys.events(conversation_id)
        with translated():
            entries = await self._redis.xrange(key, min=f"({after_seq}-0", count=limit)
        if entries and self._confirmation is not None:
            await self._confirmation.probe(self._redis)
            last_id, last = entries[-1]
            with translated():  # by now of another primary, perhaps
                again = await self._redis.xrange(key, last_id, last_id)
            if again != [(last_id, last)]:
                raise StoreUnavailable("a failover took back what was read")
        return [Event.parse(fields[EVENT_FIELD]) for _, fields in entries]

    async def latest_events(self, conversation_id: str, *, limit: int) -> list[Event]:
        """Return the last `limit` events, oldest first."""
        with translated():
            entries = await self._redis.xrevrange(self._keys.events(conversation_id), count=limit)
        return [Event.parse(fields[EVENT_FIELD]) for _, fields in reversed(entries)]

    async def post_customer_message(
        self,
        conversation_id: str,
        *,
        message_id: str,
        text: str,
        locale: str,
        now_ms: int,
        payload: Json | None = None,
        attachments: Sequence[Json] = (),
    ) -> Outcome[PostResult]:
        """Store what the customer wrote or clicked, once per message_id: POSTED or REPEATED.

        `attachments`: what the event says of each file that comes with it, or instead of words.
        The bot owes an answer if it has the conversation. A closed conversation goes back to the
        bot, one in wrap-up back to its agent. Raises NoSuchConversation.
        """
        said = {"message_id": message_id, "text": text, "payload": payload}
        files = {"attachments": list(attachments) or None}
        data = without_none(said | {"author": "customer"} | files)
        turn = without_none(
            said | {"locale": locale, "at_ms": now_ms, "files": len(attachments) or None}
        )
        return await self._transitions.run(
            "post_customer_message",
            conversation_id,
            now_ms=now_ms,
            args=[message_id, to_json(data), to_json(turn)],
            result=PostResult,
        )

    async def post_first_word(
        self,
        conversation_id: str,
        *,
        message_id: str,
        rule: str,
        text: str,
        buttons: Sequence[Json],
        again_ms: int | None,
        now_ms: int,
    ) -> Outcome[FirstWordResult]:
        """Store what a rule of the site says first, in the bot's name.

        Once per message_id, and once per rule within `again_ms` (None: ever). POSTED, REPEATED,
        SAID, or NOT_NOW: the bot has not got the conversation. Raises NoSuchConversation.
        """
        data = {
            "message_id": message_id,
            "author": "bot",
            "text": text,
            "kind": "proactive",
            "rule": rule,
            "buttons": list(buttons) or None,
        }
        return await self._transitions.run(
            "post_first_word",
            conversation_id,
            now_ms=now_ms,
            args=[
                message_id,
                f"rule:{rule}",
                "" if again_ms is None else again_ms,
                to_json(without_none(data)),
            ],
            result=FirstWordResult,
        )

    async def post_agent_message(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        epoch: int,
        message_id: str,
        text: str,
        now_ms: int,
        attachments: Sequence[Json] = (),
        written_with: Mapping[str, str] = MappingProxyType({}),
    ) -> Outcome[PostResult]:
        """Store what the agent who holds the conversation wrote, once per agent and message_id.

        `written_with`: a canned reply, macro or passage, by field (`WRITTEN_WITH`). POSTED,
        REPEATED, STALE or NOT_YOURS. Raises NoSuchConversation.
        """
        said = {"message_id": message_id, "author": "agent", "text": text, **written_with}
        data = without_none(said | {"attachments": list(attachments) or None})
        return await self._transitions.run(
            "post_agent_message",
            conversation_id,
            now_ms=now_ms,
            args=[
                agent_id,
                epoch,
                f"{agent_id}:{message_id}",
                to_json(data),
            ],
            result=PostResult,
        )

    async def set_language(
        self, conversation_id: str, *, language: str, now_ms: int
    ) -> Outcome[LanguageResult]:
        """Speak to the customer in `language` from now on. Raises NoSuchConversation."""
        return await self._transitions.run(
            "set_language",
            conversation_id,
            now_ms=now_ms,
            args=[language],
            result=LanguageResult,
        )

    async def rate(
        self, conversation_id: str, *, message_id: str, stars: int, comment: str, now_ms: int
    ) -> Outcome[RateResult]:
        """Store 1 to 5 stars and a comment, once per message_id. Raises NoSuchConversation."""
        data = {"message_id": message_id, "stars": stars, "comment": comment}
        return await self._transitions.run(
            "rate",
            conversation_id,
            now_ms=now_ms,
            args=[message_id, stars, to_json(data)],
            result=RateResult,
        )

    async def vote(
        self, conversation_id: str, *, message_id: str, seq: int, helpful: bool, now_ms: int
    ) -> Outcome[VoteResult]:
        """Store whether the answer numbered `seq` helped, once per message_id.

        VOTED, REPEATED, or NO_ANSWER: that event is none. Raises NoSuchConversation.
        """
        return await self._transitions.run(
            "vote",
            conversation_id,
            now_ms=now_ms,
            args=[message_id, seq, to_json(helpful)],
            result=VoteResult,
        )

    async def note_seen(
        self, conversation_id: str, *, seq: int, now_ms: int
    ) -> Outcome[SeenResult]:
        """Note up to which event the customer has seen it. Raises NoSuchConversation."""
        return await self._transitions.run(
            "note_seen", conversation_id, now_ms=now_ms, args=[seq], result=SeenResult
        )

    async def close(
        self,
        conversation_id: str,
        *,
        by: ClosedBy,
        reason: str,
        now_ms: int,
        agent_id: str | None = None,
        epoch: int | None = None,
    ) -> Outcome[CloseResult]:
        """Close at once. An agent gives `agent_id` and `epoch`; a customer neither.

        CLOSED, REPEATED, STALE or NOT_YOURS. Raises NoSuchConversation.
        """
        data = to_json({"by": by.value, "reason": reason})
        return await self._transitions.run_on_holder(
            "close",
            conversation_id,
            args=[agent_id or "", "" if epoch is None else epoch, data],
            now_ms=now_ms,
            result=CloseResult,
        )

    async def close_due(self, conversation_id: str, *, now_ms: int) -> Outcome[CloseResult]:
        """Close it if its wrap-up or idle time is over: CLOSED, REPEATED or NOT_DUE."""
        return await self._transitions.run_on_holder(
            "close_due", conversation_id, now_ms=now_ms, result=CloseResult
        )


def _visit(page: Json | None, utc_offset_min: int | None, device: Json | None) -> list[str]:
    """Return the fields that a browser tells of itself, name and value in turn."""
    fields = {
        "page": page and to_json(page),
        "utc_offset_min": utc_offset_min,
        "device": device and to_json(device),
    }
    return [str(word) for pair in without_none(fields).items() for word in pair]
