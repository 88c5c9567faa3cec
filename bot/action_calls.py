"""Call the action server: one kept connection pool, one time limit, failures as failures."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import aiohttp
import orjson

from bot.components.embedding import serving_source
from bot.turn import TurnFailed

#: An action searches an index on this machine; what takes longer (s) is stuck.
TIMEOUT_S = 10.0
HEALTH_TIMEOUT_S = 2.0

_JSON = {"Content-Type": "application/json"}

_sessions: dict[asyncio.AbstractEventLoop, aiohttp.ClientSession] = {}


def _session() -> aiohttp.ClientSession:
    """Return the running loop's session; Rasa itself opens a new connection for every call."""
    loop = asyncio.get_running_loop()
    session = _sessions.get(loop)
    if session is None or session.closed:
        session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        _sessions[loop] = session
    return session


async def close() -> None:
    """Close the running loop's connections."""
    session = _sessions.pop(asyncio.get_running_loop(), None)
    if session is not None:
        await session.close()


async def call_action(url: str, body: dict[str, Any]) -> dict[str, Any]:
    """Run one action and return {"events": […], "responses": […]}.

    Raises:
        TurnFailed: 503 when the server is down, slow or not ready (the turn can be tried again),
            500 when it failed on this very call.
    """
    name = body["next_action"]
    try:
        async with _session().post(url, data=to_json(body), headers=_JSON) as answer:
            if answer.status != 200:
                again = answer.status == 503
                why = f"status {answer.status}: {(await answer.text())[:500]}"
                raise _failed(name, why, status=503 if again else 500)
            result = orjson.loads(await answer.read())
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
        raise _failed(name, repr(error), status=503) from error
    # Rasa checks every answer against its event schema, and the schema against the metaschema:
    # 20 ms per call. Our own server builds the answer with rasa-sdk; the outline is enough.
    if not isinstance(result, dict) or not all(
        isinstance(result.get(key), list) for key in ("events", "responses")
    ):
        raise _failed(name, "the answer lacks events or responses", status=500)
    return result


def to_json(value: Any) -> bytes:
    """Write JSON fifteen times as fast as `json`: a state goes out thrice a turn (12 % of it)."""
    return orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY)


def question_vectors(texts: list[str]) -> dict[str, Any]:
    """Return the vectors of `texts` that this process has, for an action that searches with them.

    {"fingerprint": of the model, "texts": {text: base64 of little-endian float32}}; sent with the
    call only, never kept in the tracker. They spare the action server running the model again.
    """
    source = serving_source()
    return {
        "fingerprint": source.fingerprint,
        "texts": {
            text: base64.b64encode(vector.astype("<f4").tobytes()).decode()
            for text, vector in source.known(texts).items()
        },
    }


async def actions_health(url: str) -> str | None:
    """Return None when the action server is ready, else why it is not."""
    health = url.rsplit("/", 1)[0] + "/health"
    limit = aiohttp.ClientTimeout(total=HEALTH_TIMEOUT_S)
    try:
        async with _session().get(health, timeout=limit) as answer:
            if answer.status == 200:
                return None
            body = await answer.json()
            return str(body.get("why") or f"status {answer.status}")
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
        return "the action server does not answer"


def _failed(action: str, why: str, *, status: int) -> TurnFailed:
    return TurnFailed(status, "action_failed", f"{action} failed: {why}")
