"""Is the bot able to answer: a model that understands a word, an action server that is ready."""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.action_calls import actions_health

logger = logging.getLogger(__name__)

#: Any text will do: what counts is that the whole pipeline runs on it.
_CANARY = "hello"


async def check_health(agent: Agent | None) -> dict[str, dict[str, Any]]:
    """Return {"model": …, "actions": …}, each {"ok": bool, "why": str}."""
    return {"model": await _check_model(agent), "actions": await _check_actions(agent)}


async def _check_model(agent: Agent | None) -> dict[str, Any]:
    if agent is None or not agent.is_ready():
        return {"ok": False, "why": "no model is loaded. Remedy: baton train"}
    try:
        parsed = await agent.processor.parse_message(UserMessage(_CANARY, metadata={}))
    except Exception:
        logger.exception("the canary message failed")
        return {"ok": False, "why": "the model fails on a test message; see the log"}
    if not parsed["intent"]["name"]:
        return {"ok": False, "why": "the model understands nothing. Remedy: baton train --force"}
    return {"ok": True, "why": "", "model": agent.model_name}


async def _check_actions(agent: Agent | None) -> dict[str, Any]:
    endpoint = getattr(agent, "action_endpoint", None)
    if endpoint is None:
        return {"ok": False, "why": "no action server is configured (BATON_ACTIONS_URL)"}
    why = await actions_health(endpoint.url)
    return {"ok": why is None, "why": why or ""}
