"""One atomic step of one conversation: its keys, its common arguments, its answer."""

import logging
from collections.abc import Sequence
from enum import StrEnum
from typing import TypeAlias, TypeVar

from handoff_service.errors import StoreUnavailable
from handoff_service.live import Live
from handoff_service.live_settings.desk_rules import DeskRules
from handoff_service.store.keys import Keys
from handoff_service.store.results import Outcome
from handoff_service.store.scripts import HolderMoved, Scripts
from handoff_service.store.transport import Client, translated

R = TypeVar("R", bound=StrEnum)

#: Conversation, agent if one takes part, arguments.
Call: TypeAlias = tuple[str, str | None, Sequence[str | int]]

logger = logging.getLogger(__name__)

#: The holder changes at most a few times a second; more misses than this mean something is wrong.
_HOLDER_TRIES = 10


class Transitions:
    """Runs the scripts under lua/conversation."""

    def __init__(
        self, redis: Client, keys: Keys, *, scripts: Scripts, rules: Live[DeskRules]
    ) -> None:
        """`rules`: after how much silence a conversation with the bot is due to close."""
        self._redis = redis
        self._keys = keys
        self._scripts = scripts
        self._rules = rules

    async def run(
        self,
        name: str,
        conversation_id: str,
        *,
        now_ms: int,
        result: type[R],
        args: Sequence[str | int] = (),
        agent_id: str | None = None,
        more_keys: Sequence[str] = (),
    ) -> Outcome[R]:
        """Run a script, with the keys of `agent_id` if an agent takes part.

        Raises NoSuchConversation, StoreUnavailable.
        """
        keys = self._keys.of_transition(conversation_id, agent_id)
        common: list[str | int] = [conversation_id, now_ms, self._idle_at(now_ms)]
        return await self._scripts.move(
            name, [*keys, *more_keys], args=[*common, *args], result=result
        )

    async def run_many(
        self,
        name: str,
        calls: Sequence[Call],
        *,
        now_ms: int,
        result: type[R],
    ) -> list[R | None]:
        """Run a script once for each of `calls`, in one round trip; return the words.

        None: there is no such conversation, or the step failed. Raises StoreUnavailable.
        """
        answers = await self._scripts.call_many(
            name,
            [
                (
                    self._keys.of_transition(conversation_id, agent_id),
                    [conversation_id, now_ms, self._idle_at(now_ms), *args],
                )
                for conversation_id, agent_id, args in calls
            ],
        )
        for answer in answers:
            if isinstance(answer, StoreUnavailable):
                raise answer
            if isinstance(answer, Exception):
                logger.error("%s failed", name, exc_info=answer)
        return [
            None if isinstance(answer, Exception) or answer[0] == "NO_SUCH" else result(answer[0])
            for answer in answers
        ]

    def _idle_at(self, now_ms: int) -> int:
        return now_ms + self._rules.now.idle_close_s * 1000

    async def run_on_holder(
        self,
        name: str,
        conversation_id: str,
        *,
        now_ms: int,
        result: type[R],
        args: Sequence[str | int] = (),
        agent_id: str | None = None,
    ) -> Outcome[R]:
        """Run a script that may take the conversation from whichever agent holds it.

        `agent_id`: who takes it; their keys come in the place of the holder's, which follow.
        The holder is read first, since a script may only touch keys it was given; the script
        answers MOVED when it has changed in between, and all is read again.
        """
        for _ in range(_HOLDER_TRIES):
            with translated():
                holder = await self._redis.hget(
                    self._keys.conversation(conversation_id), "agent_id"
                )
            try:
                return await self.run(
                    name,
                    conversation_id,
                    now_ms=now_ms,
                    result=result,
                    args=[holder or "", *args],
                    agent_id=agent_id or holder,
                    more_keys=self._keys.of_taken_from(holder) if agent_id and holder else (),
                )
            except HolderMoved:
                continue
        raise StoreUnavailable(f"{name}: the holder of {conversation_id} changes too often")
