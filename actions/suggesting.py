"""Passages for an agent who writes an answer: what the bot would quote, and what comes next."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from typing import Any

import orjson
from aiohttp import web

from actions import passages
from actions.answering import error_answer
from actions.follow_up import Question
from actions.knowledge import Knowledge, KnowledgeMissing
from actions.looking_up import look_up, look_up_article
from kb_index.searching import Hit

#: Longest question, in characters: as long as a customer's message can be.
LONGEST_QUESTION = 4000
#: Most passages: each but the first costs a search of its own, in one article.
MOST_PASSAGES = 5
#: An article less likely to answer than this (0 to 1) is no help to anybody.
LEAST_CONFIDENCE = 0.1


class Suggester:
    """Answers one agent at a time, so that customers' turns keep the processor."""

    def __init__(self, knowledge: Knowledge, *, token: str) -> None:
        """`token` is what callers must show; "" refuses everybody."""
        self._knowledge = knowledge
        self._expected = f"Bearer {token}".encode() if token else None
        self._turn = asyncio.Lock()

    async def suggest(self, request: web.Request) -> web.Response:
        """POST /passages {question, locale, limit} → {index_version, passages}, best first."""
        given = request.headers.get("Authorization", "").encode()
        if self._expected is None or not hmac.compare_digest(given, self._expected):
            return error_answer(401, "token_invalid", "the bearer token is missing or wrong")
        try:
            question, locale, limit = _read(await request.json(loads=orjson.loads))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            return error_answer(400, "bad_request", f"expected question, locale, limit: {error}")
        async with self._turn:
            if request.transport is None or request.transport.is_closing():
                return error_answer(400, "gone", "nobody waits for this any more")
            try:
                found = await self._find(question, locale=locale, limit=limit)
            except KnowledgeMissing as error:
                return error_answer(503, "knowledge_missing", str(error))
        return web.json_response(body=orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY))

    async def _find(self, question: str, *, locale: str, limit: int) -> dict[str, Any]:
        found = await look_up(self._knowledge, Question(question, "", 0.0), locale=locale)
        likely = [hit for hit in found.hits if hit.confidence >= LEAST_CONFIDENCE][:limit]
        shapes = []
        for hit in likely:
            quoted = hit if hit.quote else await self._quote(found.query, hit)
            if quoted is not None:
                shapes.append(_shape(quoted, language=locale, confidence=hit.confidence))
        return {"index_version": found.index_version, "passages": shapes}

    async def _quote(self, question: str, hit: Hit) -> Hit | None:
        """Return the passage of an article that a search named without quoting it."""
        found = await look_up_article(self._knowledge, question, hit.article_id, locale=hit.locale)
        return found.hits[0] if found.hits and found.hits[0].quote else None


def _shape(hit: Hit, *, language: str, confidence: float) -> dict[str, Any]:
    words = f"{hit.locale}\x00{hit.article_id}\x00{hit.quote}"
    return passages.source(hit, language=language) | {
        "passage_id": hashlib.blake2b(words.encode(), digest_size=12).hexdigest(),
        "confidence": round(float(confidence), 3),
    }


def _read(body: Any) -> tuple[str, str, int]:
    """Return question, locale and limit. Raises what a body of another shape makes it raise."""
    question, locale, limit = body["question"], body["locale"], body.get("limit", 3)
    if not (isinstance(question, str) and question.strip() and isinstance(locale, str)):
        raise TypeError("question or locale is no text")
    if not isinstance(limit, int):
        raise TypeError("limit is no number")
    return question.strip()[:LONGEST_QUESTION], locale, max(1, min(limit, MOST_PASSAGES))
