"""From the bot to a person and back: request, offer, accept, hand back."""

from collections.abc import Sequence
from dataclasses import replace

from handoff_service.absence import Absence
from handoff_service.conversation import Handoff, NeedsOf, plain_needs
from handoff_service.domain import DEFAULT_LOCALE, Author, Event, EventType, Json, Presence, State
from handoff_service.store.agents import Agents
from handoff_service.store.codec import to_json, without_none
from handoff_service.store.conversations import Conversations
from handoff_service.store.keys import CHANGES_KEPT, LOST_KEPT, LOST_KEPT_S, SIGNALS_KEPT, Keys
from handoff_service.store.results import (
    AcceptResult,
    CancelResult,
    DeclineResult,
    ExpireResult,
    HoldResult,
    LeaveResult,
    LostResult,
    OfferResult,
    Outcome,
    RequestResult,
)
from handoff_service.store.sent_links import links_sent
from handoff_service.store.transitions import Call, Transitions
from handoff_service.summary import Offer, Summary
from handoff_service.text import shorten

#: How far back a request without the bot looks for what was tried and said.
CONTEXT_EVENTS = 40
SUMMARY_CHARS = 300
#: Offers missed in a row after which an agent is taken for away: one may be a trip to the door.
MISSES_TO_AWAY = 2
#: Why a person is asked for by one who would rather leave a message than wait.
LEFT = "message_left"
#: Why they are away then, in their presence.
MISSED = "missed_offers"


class Handoffs:
    """Each method is one atomic step, sentence to the customer included, and may be repeated.

    All raise NoSuchConversation and StoreUnavailable.
    """

    def __init__(
        self,
        conversations: Conversations,
        keys: Keys,
        *,
        agents: Agents,
        transitions: Transitions,
        absence: Absence,
        needs_of: NeedsOf = plain_needs,
    ) -> None:
        """`absence`: the sentences customers read, and when people are on duty."""
        self._conversations = conversations
        self._keys = keys
        self._agents = agents
        self._transitions = transitions
        self._wording = absence.wording
        self._absence = absence
        self._needs_of = needs_of

    async def request(
        self, conversation_id: str, *, message_id: str, now_ms: int, reason: str = "asked"
    ) -> Outcome[RequestResult]:
        """Put the conversation in the queue without asking the bot: the customer's click.

        The context for the agent is gathered from what was said. From message_left only while a
        person is on duty: else the message waits for them. REQUESTED, REPEATED or ALREADY.
        """
        talk = await self._conversations.get(conversation_id)
        events = await self._conversations.latest_events(conversation_id, limit=CONTEXT_EVENTS)
        handoff = context_of(events, reason=reason, language=talk.language)
        if talk.state is State.MESSAGE_LEFT and talk.handoff:
            handoff = replace(talk.handoff, reason=reason)
        return await self._transitions.run(
            "request_handoff",
            conversation_id,
            now_ms=now_ms,
            args=[
                message_id,
                to_json(handoff.to_json()),
                to_json(self._needs_of(handoff, talk.identity).to_json()),
                self._wording.sentence("handoff.queued", talk.language),
                self._absence.of(
                    handoff,
                    language=talk.language,
                    now_ms=now_ms,
                    utc_offset_min=talk.utc_offset_min,
                ),
            ],
            result=RequestResult,
        )

    async def cancel(
        self, conversation_id: str, *, message_id: str, now_ms: int
    ) -> Outcome[CancelResult]:
        """Take the conversation back to the bot: the customer changed their mind.

        From waiting, offered, message_left and parked. CANCELLED, REPEATED or NOT_WAITING.
        """
        text = await self._say("handoff.cancelled", conversation_id)
        return await self._transitions.run_on_holder(
            "cancel_handoff",
            conversation_id,
            now_ms=now_ms,
            args=[message_id, text],
            result=CancelResult,
        )

    async def leave_message(
        self,
        conversation_id: str,
        *,
        message_id: str,
        contact: str,
        text: str,
        now_ms: int,
        callback: bool = False,
        when: str = "",
    ) -> Outcome[LeaveResult]:
        """Store a customer's message and contact for when somebody is on duty, or has time.

        Of one who waits, or of one who talks with the bot and would rather not wait: the request
        for a person is part of the step. The customer's words are a message.posted (whose seq is
        returned), followed by message.left with the contact and the confirmation. LEFT, REPEATED
        or NOT_WAITING.
        """
        said = {"message_id": message_id, "author": Author.CUSTOMER.value, "text": text}
        talk = await self._conversations.get(conversation_id)
        events = await self._conversations.latest_events(conversation_id, limit=CONTEXT_EVENTS)
        handoff = replace(
            context_of(events, reason=LEFT, language=talk.language),
            summary=shorten(text, limit=SUMMARY_CHARS),
        )
        reach = replace(handoff, contact=contact, callback=callback, when=when).how_to_reach()
        confirmation = self._wording.sentence("message.left", talk.language)
        return await self._transitions.run_on_holder(
            "leave_message",
            conversation_id,
            now_ms=now_ms,
            args=[
                message_id,
                to_json(said),
                to_json(reach | {"text": confirmation}),
                to_json(reach)[1:-1],
                to_json(handoff.to_json()),
                to_json(self._needs_of(handoff, talk.identity).to_json()),
            ],
            result=LeaveResult,
        )

    async def offer(
        self, conversation_id: str, *, agent_id: str, epoch: int, deadline_ms: int, now_ms: int
    ) -> Outcome[OfferResult]:
        """Put a waiting conversation before an agent: the router's decision."""
        return await self._transitions.run(
            "offer",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id, epoch, deadline_ms],
            agent_id=agent_id,
            result=OfferResult,
        )

    async def offer_many(
        self,
        offers: Sequence[tuple[str, int, str]],
        *,
        deadline_ms: int,
        now_ms: int,
    ) -> list[OfferResult | None]:
        """Make offers of (conversation, epoch, agent) each, in one round trip.

        None: the conversation is gone. Raises StoreUnavailable only: some may have been made then.
        """
        calls: list[Call] = [
            (name, agent_id, [agent_id, epoch, deadline_ms]) for name, epoch, agent_id in offers
        ]
        return await self._transitions.run_many("offer", calls, now_ms=now_ms, result=OfferResult)

    async def accept(
        self, conversation_id: str, *, agent_id: str, epoch: int, now_ms: int
    ) -> Outcome[AcceptResult]:
        """Give an offered conversation to its agent, who writes under the outcome's epoch."""
        return await self._transitions.run(
            "accept",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id, epoch, await self._say("handoff.assigned", conversation_id)],
            agent_id=agent_id,
            result=AcceptResult,
        )

    async def decline(
        self, conversation_id: str, *, agent_id: str, epoch: int, reason: str, now_ms: int
    ) -> Outcome[DeclineResult]:
        """Put an offered conversation back in its old place: the agent does not want it."""
        data = to_json({"agent_id": agent_id, "reason": reason})
        return await self._transitions.run(
            "decline",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id, epoch, data],
            agent_id=agent_id,
            result=DeclineResult,
        )

    async def expire_offer(
        self, conversation_id: str, *, agent_id: str, epoch: int, now_ms: int
    ) -> Outcome[ExpireResult]:
        """Put an offered conversation back in its old place: the deadline is over.

        MISSES_TO_AWAY in a row set the agent away, and take back what else they are offered.
        """
        data = to_json({"agent_id": agent_id, "reason": "deadline"})
        away = {"agent_id": agent_id, "status": Presence.AWAY.value, "reason": MISSED}
        outcome = await self._transitions.run(
            "expire_offer",
            conversation_id,
            now_ms=now_ms,
            args=[
                *(agent_id, epoch, data, MISSES_TO_AWAY, MISSED),
                *(to_json(away), SIGNALS_KEPT, CHANGES_KEPT),
            ],
            agent_id=agent_id,
            more_keys=[self._keys.signals, self._keys.presence],
            result=ExpireResult,
        )
        if outcome.result is ExpireResult.EXPIRED:
            await self.withdraw_offers(agent_id, now_ms=now_ms)
        return outcome

    async def withdraw_offers(self, agent_id: str, *, now_ms: int) -> None:
        """Take back everything that is offered to an agent who is not online.

        Each conversation is a step of its own; what a crash leaves to do, its deadline does.
        """
        if (await self._agents.get(agent_id)).presence is Presence.ONLINE:
            return
        for talk in await self._conversations.get_many(await self._agents.held(agent_id)):
            if talk.state is State.OFFERED:
                await self.withdraw_offer(talk.conversation_id, agent_id=agent_id, now_ms=now_ms)

    async def withdraw_offer(
        self, conversation_id: str, *, agent_id: str, now_ms: int
    ) -> Outcome[ExpireResult]:
        """Put an offered conversation back in its old place: its agent is not online.

        EXPIRED, REPEATED, NOT_DUE (they are) or GONE.
        """
        return await self._transitions.run(
            "withdraw_offer",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id, to_json({"agent_id": agent_id, "reason": "agent_away"})],
            agent_id=agent_id,
            result=ExpireResult,
        )

    async def agent_lost(
        self, conversation_id: str, *, agent_id: str, lost_at_ms: int, now_ms: int
    ) -> Outcome[LostResult]:
        """Take the conversation from an agent who was last seen at `lost_at_ms` or before.

        A conversation that does not exist is GONE.
        """
        return await self._transitions.run(
            "agent_lost",
            conversation_id,
            now_ms=now_ms,
            args=[
                agent_id,
                lost_at_ms,
                await self._say("agent.lost", conversation_id),
                LOST_KEPT,
                LOST_KEPT_S,
            ],
            agent_id=agent_id,
            more_keys=[self._keys.seen, self._keys.lost(agent_id)],
            result=LostResult,
        )

    async def hand_back(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        epoch: int,
        now_ms: int,
        note: str | None = None,
    ) -> Outcome[HoldResult]:
        """Give the conversation back to the bot, with a note for the next agent.

        The bot hears with the next turn who it was, the note, and what pages the agent linked to.
        """
        text = await self._say("handoff.returned", conversation_id)
        events = await self._conversations.latest_events(conversation_id, limit=CONTEXT_EVENTS)
        told = {"note": note or "", "articles": links_sent(events, epoch=epoch)}
        returned = without_none({"agent_id": agent_id, "text": text, "note": note})
        return await self._run_held(
            "hand_back",
            conversation_id,
            now_ms=now_ms,
            agent_id=agent_id,
            args=[epoch, to_json(returned), to_json(told)],
        )

    async def wrap_up(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        epoch: int,
        disposition: str,
        ends_ms: int,
        now_ms: int,
    ) -> Outcome[HoldResult]:
        """End the talk and ask for a rating; the conversation closes by itself at `ends_ms`."""
        text = await self._say("conversation.wrapped_up", conversation_id)
        data = {"agent_id": agent_id, "disposition": disposition, "text": text}
        return await self._run_held(
            "wrap_up",
            conversation_id,
            now_ms=now_ms,
            agent_id=agent_id,
            args=[epoch, ends_ms, to_json(data)],
        )

    async def offer_view(self, conversation_id: str) -> Offer:
        """Return what the agent sees of an offer, whole transcript included."""
        talk = await self._conversations.get(conversation_id)
        transcript = await self._conversations.events(conversation_id)
        return Offer(Summary(talk), talk.deadline_ms or 0, tuple(transcript))

    async def _run_held(
        self,
        name: str,
        conversation_id: str,
        *,
        now_ms: int,
        agent_id: str,
        args: Sequence[str | int],
    ) -> Outcome[HoldResult]:
        return await self._transitions.run(
            name,
            conversation_id,
            now_ms=now_ms,
            args=[agent_id, *args],
            agent_id=agent_id,
            result=HoldResult,
        )

    async def _say(self, sentence: str, conversation_id: str) -> str:
        """Return the sentence in the customer's language; of a missing conversation, any."""
        language = await self._conversations.language(conversation_id)
        return self._wording.sentence(sentence, language or DEFAULT_LOCALE)


def context_of(events: Sequence[Event], *, reason: str, language: str) -> Handoff:
    """Gather what an agent should know from the last events: topic, articles tried, last words."""
    posted = [event.data for event in events if event.type is EventType.MESSAGE_POSTED]
    said = [
        data
        for data in posted
        if data["author"] == Author.CUSTOMER and data["text"] and not data.get("payload")
    ]
    answered = [data for data in posted if data["author"] == Author.BOT]
    tried: dict[str, Json] = {}
    for data in answered:
        for source in data.get("sources", ()):
            known = {name: source.get(name) for name in ("article_id", "title", "url")}
            tried[str(source.get("article_id"))] = known | {"confidence": data.get("confidence")}
    topics = [data["intent"] for data in answered if data.get("sources") and data.get("intent")]
    return Handoff(
        reason=reason,
        topic=topics[-1] if topics else "",
        language=language,
        tried=tuple(tried.values()),
        summary=said[-1]["text"][:SUMMARY_CHARS] if said else "",
    )
