"""Call the action server: one kept connection pool, one time limit, failures as failures."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp

from bot.turn import TurnFailed

#: An action searches an index on this machine; what takes longer (s) is stuck.
TIMEOUT_S = 10.0
HEALTH_TIMEOUT_S = 2.0

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
        TurnFailed: 503, whatever went wrong: the turn can be tried again.
    """
    name = body["next_action"]
    try:
        async with _session().post(url, json=body) as answer:
            if answer.status != 200:
                raise _failed(name, f"status {answer.status}")
            result = await answer.json()
    except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
        raise _failed(name, repr(error)) from error
    # Rasa checks every answer against its event schema, and the schema against the metaschema:
    # 20 ms per call. Our own server builds the answer with rasa-sdk; the outline is enough.
    if not isinstance(result, dict) or not all(
        isinstance(result.get(key), list) for key in ("events", "responses")
    ):
        raise _failed(name, "the answer lacks events or responses")
    return result


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


def _failed(action: str, why: str) -> TurnFailed:
    return TurnFailed(503, "action_failed", f"{action} failed: {why}")
