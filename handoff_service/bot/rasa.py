"""Asks the dialogue engine for the answer to one turn."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import aiohttp
from pydantic import TypeAdapter, ValidationError

from handoff_service.bot.facts import facts_of, is_waiting
from handoff_service.bot.notices import NoticeVoice
from handoff_service.conversation import Handoff
from handoff_service.domain import Json
from handoff_service.errors import BotFaulty, BotRefused, BotUnavailable
from handoff_service.notices import Notice
from handoff_service.store.turns import Work
from handoff_service.turn import UNNAMED, Origin, Reply, Understood

#: The turn itself is bad; everything else that is not 200 or 500 is about the state of the engine.
_REFUSED = frozenset({400, 413, 415, 422})
_STUMBLED = 500

Kind = Literal[
    "answer", "clarify", "offer_person", "handoff", "smalltalk", "triage", "back_to_bot", "notice"
]


@dataclass(frozen=True, slots=True)
class BotAnswer:
    """What the dialogue engine says to one turn."""

    replies: tuple[Reply, ...]
    handoff: Handoff | None
    language: str | None
    intent: str | None
    origin: Origin = UNNAMED  #: which bot said it
    understood: Understood | None = None  #: None for a click


@dataclass(frozen=True, slots=True)
class _RawHandoff:
    reason: str
    topic: str | None = None
    language: str | None = None
    triage: tuple[Json, ...] = ()
    tried: tuple[Json, ...] = ()
    summary: str | None = None
    contact: str | None = None


@dataclass(frozen=True, slots=True)
class _RawReply:
    kind: Kind
    text: str = ""
    buttons: tuple[Json, ...] = ()
    sources: tuple[Json, ...] = ()
    confidence: float | None = None
    query: str | None = None
    index_version: str | None = None
    notice: str | None = None
    handoff: _RawHandoff | None = None


@dataclass(frozen=True, slots=True)
class _RawAnswer:
    messages: tuple[_RawReply, ...]
    language: str | None = None
    intent: str | None = None
    release: str | None = None
    understood: Understood | None = None


_ANSWER = TypeAdapter(_RawAnswer)


class RasaClient:
    """One HTTP session to the channel of the Rasa process."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        *,
        url: str,
        token: str,
        timeout_s: float,
        notices: NoticeVoice | None = None,
    ) -> None:
        """`session` is closed by whoever made it. `timeout_s` bounds one try."""
        self._notices = notices or NoticeVoice()
        self._session = session
        self._url = f"{url}/webhooks/baton/webhook"
        self._forget_url = f"{url}/webhooks/baton/forget"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._timeout = aiohttp.ClientTimeout(total=timeout_s)

    async def ask(self, work: Work, *, now_ms: int) -> BotAnswer:
        """Return the answer to a turn.

        Raises:
            BotUnavailable: down, loading or too slow; the same turn may succeed later.
            BotFaulty: it failed on this turn, or its answer cannot be used.
            BotRefused: it refuses this turn for good.
        """
        known = self._notices.standing()
        try:
            async with self._session.post(
                self._url,
                json=request_of(work, now_ms=now_ms, known=known),
                headers=self._headers,
                timeout=self._timeout,
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise BotUnavailable(f"{type(error).__name__}: {error}") from error
        if response.status == _STUMBLED:
            raise BotFaulty(f"HTTP 500 {error_code(body)}")
        if response.status in _REFUSED:
            raise BotRefused(f"HTTP {response.status} {error_code(body)}")
        if response.status != 200:
            raise BotUnavailable(f"HTTP {response.status} {error_code(body)}")
        answer = parse_answer(body, may_be_silent=is_waiting(work))
        told = tuple(
            self._notices.reply(known[reply.notice], work, language=answer.language, now_ms=now_ms)
            if reply.notice in known
            else reply
            for reply in answer.replies
        )
        return replace(answer, replies=told)

    async def forget(self, conversation_ids: Sequence[str]) -> int:
        """Delete the dialogues of conversations; how many were named. Raises BotUnavailable."""
        try:
            for conversation_id in conversation_ids:
                async with self._session.post(
                    self._forget_url,
                    json={"sender": conversation_id},
                    headers=self._headers,
                    timeout=self._timeout,
                ) as response:
                    if response.status != 200:
                        raise BotUnavailable(f"HTTP {response.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise BotUnavailable(f"{type(error).__name__}: {error}") from error
        return len(conversation_ids)


def request_of(
    work: Work, *, now_ms: int, known: Mapping[str, Notice] = MappingProxyType({})
) -> Json:
    """Return the body of the request for one turn; `known`: the problems that customers know of."""
    turn = work.turn
    return {
        "sender": turn.conversation_id,
        "message_id": turn.message_id,
        "text": turn.text,
        "payload": turn.payload,
        "metadata": facts_of(work, now_ms=now_ms),
        "notices": [notice.for_matching() for notice in known.values()],
    }


def parse_answer(body: bytes, *, may_be_silent: bool = False) -> BotAnswer:
    """Read a 200 answer.

    Raises BotFaulty when it is of another shape, or empty and may not be.
    """
    try:
        raw = _ANSWER.validate_json(body)
    except ValidationError as error:
        where = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(str(step) for step in where["loc"]) or "body"
        raise BotFaulty(f"unusable answer: {place}: {where['msg']}") from error
    handoffs = [message.handoff for message in raw.messages if message.handoff]
    replies = tuple(
        Reply(
            message.kind,
            message.text,
            message.buttons,
            message.sources,
            message.confidence,
            query=message.query,
            index_version=message.index_version,
            notice=message.notice,
        )
        for message in raw.messages
        if message.text.strip()
    )
    if not replies and not handoffs and not may_be_silent:
        raise BotFaulty("unusable answer: nothing is said")
    return BotAnswer(
        replies=replies,
        handoff=_handoff(handoffs[0], language=raw.language) if handoffs else None,
        language=raw.language,
        intent=raw.intent,
        origin=Origin(raw.release),
        understood=raw.understood,
    )


def error_code(body: bytes) -> str:
    """Return an error body's code, for the log; never its message: it may quote a customer."""
    try:
        return str(json.loads(body)["error"]["code"])[:60]
    except (ValueError, KeyError, TypeError):
        return "(no code)"


def _handoff(raw: _RawHandoff, *, language: str | None) -> Handoff:
    return Handoff.from_json(
        {
            "reason": raw.reason,
            "topic": raw.topic,
            "language": language or raw.language,
            "triage": raw.triage,
            "tried": raw.tried,
            "summary": raw.summary,
            "contact": raw.contact,
        }
    )
