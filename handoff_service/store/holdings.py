"""What becomes of a conversation that a person has: passed on, taken over, set aside."""

from dataclasses import dataclass
from typing import Literal

from handoff_service.domain import DEFAULT_LOCALE
from handoff_service.store.codec import to_json, without_none
from handoff_service.store.conversations import Conversations
from handoff_service.store.keys import LOST_KEPT, LOST_KEPT_S, PARKED_KEPT_S, Keys
from handoff_service.store.results import (
    HoldResult,
    Outcome,
    ReassignResult,
    ResumeResult,
    TakeResult,
    WhisperResult,
)
from handoff_service.store.transitions import Transitions
from handoff_service.wording import Wording


@dataclass(frozen=True, slots=True)
class Target:
    """To whom a conversation is passed on."""

    kind: Literal["agent", "team", "skill", "anyone"]
    id: str  #: the agent's id; the slug of the team or skill; "" of anyone
    name: str  #: as people read it


#: What the customer is told, by kind of target.
SENTENCES = {
    "agent": "transferred_to_agent",
    "team": "transferred",
    "skill": "transferred",
    "anyone": "transferred_to_anyone",
}


class Holdings:
    """Each method is one atomic step, sentence to the customer included, and may be repeated.

    All raise NoSuchConversation and StoreUnavailable.
    """

    def __init__(
        self,
        conversations: Conversations,
        keys: Keys,
        *,
        transitions: Transitions,
        wording: Wording,
    ) -> None:
        """`wording`: the sentences customers read."""
        self._conversations = conversations
        self._keys = keys
        self._transitions = transitions
        self._wording = wording

    async def transfer(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        epoch: int,
        target: Target,
        now_ms: int,
        note: str | None = None,
    ) -> Outcome[HoldResult]:
        """Pass the conversation on; the customer keeps the waiting time they had.

        DONE, REPEATED, STALE or NOT_YOURS.
        """
        return await self._transitions.run(
            "transfer",
            conversation_id,
            now_ms=now_ms,
            args=[
                agent_id,
                epoch,
                target.kind,
                target.id,
                target.name,
                await self._say(f"handoff.{SENTENCES[target.kind]}", conversation_id),
                to_json(without_none({"note": note})),
            ],
            agent_id=agent_id,
            result=HoldResult,
        )

    async def reassign(
        self,
        conversation_id: str,
        *,
        by: str,
        epoch: int,
        target: Target,
        now_ms: int,
        note: str | None = None,
        first: bool = False,
    ) -> Outcome[ReassignResult]:
        """Pass on what waits, or what somebody else has: a supervisor's step.

        From waiting, offered, assigned and parked; the customer keeps the waiting time they had.
        `by`: the supervisor; `first`: it goes before everybody else in line, as after a loss.
        DONE, REPEATED, STALE or NOT_OPEN.
        """
        return await self._transitions.run_on_holder(
            "reassign",
            conversation_id,
            now_ms=now_ms,
            args=[
                *(by, epoch, target.kind, target.id, target.name),
                await self._say(f"handoff.{SENTENCES[target.kind]}", conversation_id),
                to_json(without_none({"note": note, "by": by})),
                int(first),
            ],
            result=ReassignResult,
        )

    async def take_over(
        self, conversation_id: str, *, agent_id: str, now_ms: int
    ) -> Outcome[TakeResult]:
        """Give the conversation to a registered agent who may take any: a supervisor's step.

        From waiting, offered, assigned, parked and message_left. TAKEN_OVER, REPEATED, NOT_OPEN or
        NO_AGENT.
        """
        return await self._transitions.run_on_holder(
            "take_over",
            conversation_id,
            now_ms=now_ms,
            args=[
                agent_id,
                await self._say("handoff.taken_over", conversation_id),
                LOST_KEPT,
                LOST_KEPT_S,
            ],
            agent_id=agent_id,
            result=TakeResult,
        )

    async def whisper(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        author_name: str,
        message_id: str,
        text: str,
        now_ms: int,
    ) -> Outcome[WhisperResult]:
        """Tell the conversation's agent something the customer never sees, once per message_id.

        WHISPERED, REPEATED or NOT_OPEN.
        """
        data = {
            "message_id": message_id,
            "agent_id": agent_id,
            "author_name": author_name,
            "text": text,
        }
        return await self._transitions.run(
            "whisper",
            conversation_id,
            now_ms=now_ms,
            args=[f"{agent_id}:{message_id}", to_json(data)],
            result=WhisperResult,
        )

    async def park(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        epoch: int,
        until_ms: int,
        now_ms: int,
        note: str | None = None,
    ) -> Outcome[HoldResult]:
        """Set the conversation aside until a time. DONE, REPEATED, STALE or NOT_YOURS."""
        text = await self._say("conversation.parked", conversation_id)
        data = {"agent_id": agent_id, "until_ms": until_ms, "text": text, "note": note}
        return await self._transitions.run(
            "park",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id, epoch, until_ms, to_json(without_none(data)), PARKED_KEPT_S],
            agent_id=agent_id,
            more_keys=[self._keys.parked_by(agent_id)],
            result=HoldResult,
        )

    async def resume(
        self, conversation_id: str, *, agent_id: str, now_ms: int
    ) -> Outcome[ResumeResult]:
        """Take up what the same agent parked. RESUMED, REPEATED or NOT_PARKED."""
        return await self._transitions.run(
            "resume",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id],
            agent_id=agent_id,
            result=ResumeResult,
        )

    async def resume_due(self, conversation_id: str, *, now_ms: int) -> Outcome[ResumeResult]:
        """Put it back in line, before who parked it, once its time has come.

        RESUMED, NOT_PARKED or NOT_DUE.
        """
        return await self._transitions.run(
            "resume_due", conversation_id, now_ms=now_ms, result=ResumeResult
        )

    async def save_draft(
        self, conversation_id: str, *, agent_id: str, epoch: int, text: str, now_ms: int
    ) -> Outcome[HoldResult]:
        """Keep what the agent has begun to write; "" forgets it. DONE, STALE or NOT_YOURS."""
        return await self._transitions.run(
            "save_draft",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id, epoch, text],
            agent_id=agent_id,
            result=HoldResult,
        )

    async def note_read(
        self, conversation_id: str, *, agent_id: str, seq: int, now_ms: int
    ) -> Outcome[HoldResult]:
        """Keep how far its agent has read; a lower number changes nothing. DONE or NOT_YOURS."""
        return await self._transitions.run(
            "note_read",
            conversation_id,
            now_ms=now_ms,
            args=[agent_id, seq],
            agent_id=agent_id,
            result=HoldResult,
        )

    async def _say(self, sentence: str, conversation_id: str) -> str:
        """Return the sentence in the customer's language; of a missing conversation, any."""
        language = await self._conversations.language(conversation_id)
        return self._wording.sentence(sentence, language or DEFAULT_LOCALE)
