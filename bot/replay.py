"""Answer customers' turns again with two models in turn: `python -m bot.replay … < turns.jsonl`.

Each line is what the service would post (bot/channels/requests.py); for each a list of what each
model did comes out: {"intent", "confidence", "messages": [{kind, article_id, locale, confidence}],
"handoff": reason, "ms"} or {"error": code}. Dialogues live in memory: nothing here is anybody's.
"""

# ruff: noqa: T201  (a program: it speaks on stdout and stderr)
from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from bot import lean, logs
from bot.serve import RASA_ENVIRONMENT


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.replay", description=__doc__)
    parser.add_argument("--model", type=Path, action="append", required=True, dest="models")
    parser.add_argument("--actions", action="append", required=True, help="one for each model")
    options = parser.parse_args(arguments)
    os.environ.update(RASA_ENVIRONMENT)
    lean.install(serving=True)
    logs.configure("CRITICAL")
    lines = [json.loads(line) for line in sys.stdin if line.strip()]
    try:
        asyncio.run(_replay(options.models, options.actions, lines))
    except Exception as error:  # noqa: BLE001 (the one place that turns a failure into a line)
        print(f"error: {' '.join(str(error).split()) or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


async def _replay(models: list[Path], actions: list[str], lines: list[dict[str, Any]]) -> None:
    from bot import action_calls, patches

    patches.apply()
    agents = [_load(model, url) for model, url in zip(models, actions, strict=True)]
    for agent in agents:
        await _answer(agent, {"sender": "warm-up", "message_id": "warm-up", "text": "hello"})
    for done, line in enumerate(lines, start=1):
        outcomes: list[dict[str, Any]] = [{}] * len(agents)
        for number in range(len(agents)):
            which = (number + done) % len(agents)
            outcomes[which] = await _answer(agents[which], line)
        print(json.dumps(outcomes))
        if done % 50 == 0:
            print(f"{done} of {len(lines)} turns …", file=sys.stderr, flush=True)
    await action_calls.close()


def _load(model: Path, actions_url: str) -> Any:
    from rasa.core.agent import Agent
    from rasa.core.lock_store import InMemoryLockStore
    from rasa.utils.endpoints import EndpointConfig

    agent = Agent(
        generator=EndpointConfig.from_dict({"type": "bot.wording.Wording", "tone": "formal"}),
        tracker_store=_trackers_in_memory(),
        lock_store=InMemoryLockStore(),
        action_endpoint=EndpointConfig(actions_url, enable_selective_domain=True),
    )
    agent.load_model(str(model))
    return agent


def _trackers_in_memory() -> Any:
    """Return the store that serves, with a dictionary in place of Redis."""
    from rasa.core.tracker_store import TrackerStore
    from rasa.shared.core.domain import Domain

    from bot.stores.tracker import BoundedTrackerStore

    class Kept:
        def __init__(self) -> None:
            self._values: dict[str, bytes] = {}

        async def get(self, key: str) -> bytes | None:
            return self._values.get(key)

        async def set(self, key: str, value: bytes, *, ex: int) -> None:  # noqa: ARG002
            self._values[key] = value

    class TrackersInMemory(BoundedTrackerStore):
        def __init__(self) -> None:
            TrackerStore.__init__(self, Domain.empty(), None)
            self._redis = Kept()  # type: ignore[assignment]  # what the store uses of one

    return TrackersInMemory()


async def _answer(agent: Any, body: dict[str, Any]) -> dict[str, Any]:
    from rasa.core.channels.channel import UserMessage

    from bot.channels.replies import ReplyCollector
    from bot.channels.requests import read_request
    from bot.components.embedding import embed_ahead
    from bot.components.parts import take_apart
    from bot.turn import Turn, TurnFailed, current_turn

    try:
        asked = read_request(body)
        if asked.click is None:
            await embed_ahead([asked.text, *(part.text for part in take_apart(asked.text))])
    except TurnFailed as failure:
        return {"error": failure.code}
    turn = Turn(asked.message_id, may_be_silent=asked.may_be_silent)
    message = UserMessage(
        asked.text,
        ReplyCollector(turn.replies),
        asked.conversation_id,
        parse_data=asked.parse_data(),
        input_channel="baton",
        message_id=asked.message_id,
        metadata=asked.facts,
    )
    token = current_turn.set(turn)
    started = time.perf_counter()
    try:
        await agent.handle_message(message)
    except TurnFailed as failure:
        return {"error": failure.code}
    except Exception as error:  # noqa: BLE001 (that this turn fails is what is to be told)
        return {"error": type(error).__name__}
    finally:
        current_turn.reset(token)
    if turn.answer is None:
        return {"error": "no_answer"}
    return _outcome(turn.answer, (time.perf_counter() - started) * 1000)


def _outcome(answer: dict[str, Any], ms: float) -> dict[str, Any]:
    """Return what was decided; the words stay here."""
    messages = []
    for reply in answer["messages"]:
        source = (reply.get("sources") or [{}])[0]
        messages.append(
            {
                "kind": reply["kind"],
                "article_id": source.get("article_id"),
                "locale": source.get("locale"),
                "confidence": reply.get("confidence"),
            }
        )
    reasons = [reply["handoff"]["reason"] for reply in answer["messages"] if reply.get("handoff")]
    return {
        "intent": answer.get("intent"),
        "confidence": answer.get("intent_confidence"),
        "messages": messages,
        "handoff": reasons[0] if reasons else None,
        "ms": ms,
    }


if __name__ == "__main__":
    sys.exit(main())
