"""What people put beside a conversation: notes, tags, priority, marks; and a second wording."""

from collections.abc import Sequence

from handoff_service.domain import MOST_TAGS, EventType, Json
from handoff_service.store.codec import to_json, without_none
from handoff_service.store.results import (
    AnnotateResult,
    EditResult,
    Outcome,
    PrioritizeResult,
    TagResult,
)
from handoff_service.store.transitions import Transitions

#: For how long a message may be changed by who wrote it, ms.
EDIT_MS = 60_000


class Annotations:
    """Each method is one atomic step, and is carried out once per agent and message_id.

    All raise NoSuchConversation and StoreUnavailable.
    """

    def __init__(self, transitions: Transitions) -> None:
        """Change the conversations of one desk."""
        self._transitions = transitions

    async def note(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        author_name: str,
        message_id: str,
        text: str,
        mentions: Sequence[str],
        now_ms: int,
    ) -> Outcome[AnnotateResult]:
        """Keep a note for colleagues; `mentions`: agents whom it should reach."""
        said = {"text": text, "mentions": list(mentions)}
        return await self._annotate(
            EventType.NOTE_POSTED,
            conversation_id,
            by=_by(agent_id, author_name, message_id),
            said=said,
            now_ms=now_ms,
        )

    async def mark(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        author_name: str,
        message_id: str,
        marked: Json,
        now_ms: int,
    ) -> Outcome[AnnotateResult]:
        """Keep what a person thinks of an answer, or of a question without one.

        `marked`: seq and verdict, and what the event with that number was (`marks.py`).
        """
        return await self._annotate(
            EventType.ANSWER_MARKED,
            conversation_id,
            by=_by(agent_id, author_name, message_id),
            said=marked,
            now_ms=now_ms,
        )

    async def edit(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        epoch: int,
        message_id: str,
        of: str,
        text: str,
        now_ms: int,
    ) -> Outcome[EditResult]:
        """Give the agent's own message, `of` its message_id, another text within EDIT_MS.

        EDITED, REPEATED, STALE, NOT_YOURS, NO_MESSAGE or TOO_LATE.
        """
        return await self._transitions.run(
            "edit_message",
            conversation_id,
            now_ms=now_ms,
            args=[
                agent_id,
                epoch,
                f"{agent_id}:{message_id}",
                f"{agent_id}:{of}",
                EDIT_MS,
                to_json({"message_id": message_id, "agent_id": agent_id, "text": text}),
            ],
            agent_id=agent_id,
            result=EditResult,
        )

    async def tag(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        author_name: str,
        message_id: str,
        add: Sequence[str],
        remove: Sequence[str],
        now_ms: int,
    ) -> Outcome[TagResult]:
        """Put tags on and take tags off: TAGGED, REPEATED or TOO_MANY (MOST_TAGS)."""
        return await self._transitions.run(
            "tag",
            conversation_id,
            now_ms=now_ms,
            args=[
                f"{agent_id}:{message_id}",
                to_json(list(add)),
                to_json(list(remove)),
                MOST_TAGS,
                to_json(_by(agent_id, author_name, message_id)),
            ],
            result=TagResult,
        )

    async def prioritize(
        self,
        conversation_id: str,
        *,
        agent_id: str,
        author_name: str,
        message_id: str,
        priority: int,
        now_ms: int,
    ) -> Outcome[PrioritizeResult]:
        """Set the priority, 0 to 9; who waits gets the new place in line.

        DONE, REPEATED, or NOT_OPEN: with the bot, or over.
        """
        by = _by(agent_id, author_name, message_id)
        return await self._transitions.run(
            "prioritize",
            conversation_id,
            now_ms=now_ms,
            args=[f"{agent_id}:{message_id}", priority, to_json(by | {"priority": priority})],
            result=PrioritizeResult,
        )

    async def _annotate(
        self, kind: EventType, conversation_id: str, *, by: Json, said: Json, now_ms: int
    ) -> Outcome[AnnotateResult]:
        return await self._transitions.run(
            "annotate",
            conversation_id,
            now_ms=now_ms,
            args=[
                f"{by['agent_id']}:{by['message_id']}",
                kind.value,
                to_json(by | without_none(said)),
            ],
            result=AnnotateResult,
        )


def _by(agent_id: str, author_name: str, message_id: str) -> Json:
    return {"message_id": message_id, "agent_id": agent_id, "author_name": author_name}
