"""The service's way into Rasa: one turn per request, and a failure is never a 200."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot import patches
from bot.action_calls import question_vectors
from bot.channels.health import check_health
from bot.channels.replies import ReplyCollector
from bot.channels.requests import TurnRequest, read_request, read_sender, read_texts
from bot.components.embedding import embed_ahead
from bot.components.parts import take_apart
from bot.stores.tracker import forget_dialogue
from bot.turn import AlreadyAnswered, Turn, TurnFailed, current_turn

logger = logging.getLogger(__name__)


class BatonInput(InputChannel):
    """Under /webhooks/baton: POST webhook, vectors, forget (bearer token); GET health (open)."""

    def __init__(self, token: str) -> None:
        self._expected = f"Bearer {token}".encode()

    @classmethod
    def name(cls) -> str:
        return "baton"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> BatonInput:
        token = str((credentials or {}).get("token") or "")
        if not token or token.startswith("${"):
            cls.raise_missing_credentials_exception()
        patches.apply()  # whoever serves this channel relies on them
        return cls(token)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("baton_channel")

        @routes.get("/health")
        async def health(request: Request) -> HTTPResponse:
            checks = await check_health(request.app.ctx.agent)
            ok = all(check["ok"] for check in checks.values())
            return response.json({"ok": ok, "checks": checks}, status=200 if ok else 503)

        @routes.post("/webhook")
        async def webhook(request: Request) -> HTTPResponse:
            try:
                self._check_token(request)
                turn = read_request(_json(request))
                return response.json(await self._answer(request, turn, on_new_message))
            except TurnFailed as failure:
                if failure.status >= 500:
                    logger.error(  # noqa: TRY400 (foreseen; the unforeseen are logged below)
                        "turn failed (%s): %s", failure.code, failure.message
                    )
                return _refused(failure)

        @routes.post("/vectors")
        async def vectors(request: Request) -> HTTPResponse:
            try:
                self._check_token(request)
                texts = read_texts(_json(request))
                await embed_ahead(texts)
            except TurnFailed as failure:
                return _refused(failure)
            return response.json(question_vectors(texts))

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            try:
                self._check_token(request)
                await forget_dialogue(request.app.ctx.agent, read_sender(_json(request)))
            except TurnFailed as failure:
                return _refused(failure)
            return response.json({"ok": True})

        return routes

    def _check_token(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, self._expected):
            raise TurnFailed(401, "token_invalid", "the bearer token is missing or wrong")

    async def _answer(
        self,
        request: Request,
        turn_request: TurnRequest,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
    ) -> dict[str, Any]:
        agent = request.app.ctx.agent
        if agent is None or not agent.is_ready():
            raise TurnFailed(503, "no_model", "no model is loaded. Remedy: baton train")
        turn = Turn(
            turn_request.message_id,
            may_be_silent=turn_request.may_be_silent,
            notices=turn_request.notices,
        )
        message = UserMessage(
            turn_request.text,
            ReplyCollector(turn.replies),
            turn_request.conversation_id,
            parse_data=turn_request.parse_data(),
            input_channel=self.name(),
            message_id=turn_request.message_id,
            metadata=turn_request.facts,
        )
        token = current_turn.set(turn)
        try:
            if message.parse_data is None and message.text:
                parts = (part.text for part in take_apart(message.text))
                await embed_ahead([message.text, *parts])
            # The model that is loaded now takes the turn, however long it waits for its place.
            turn.release = (request.app.ctx.agent.model_name or "").removesuffix(".tar.gz")
            await on_new_message(message)
        except AlreadyAnswered as repeated:
            return repeated.answer
        except (TurnFailed, asyncio.CancelledError):
            raise
        except Exception as error:
            logger.exception("the bot failed on message %s", turn_request.message_id)
            raise TurnFailed(500, "bot_error", "the bot failed on this message") from error
        finally:
            current_turn.reset(token)
        if turn.answer is None:
            raise TurnFailed(500, "no_answer", "the bot had nothing to say to this message")
        return turn.answer


def _refused(failure: TurnFailed) -> HTTPResponse:
    error = {"code": failure.code, "message": failure.message}
    return response.json({"error": error}, status=failure.status)


def _json(request: Request) -> Any:
    try:
        return json.loads(request.body)
    except ValueError:
        raise TurnFailed(400, "bad_json", "the body is not JSON") from None
