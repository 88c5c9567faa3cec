"""Understand texts with two models in turn: `python -m bot.versus --model A --model B < texts`.

Reads {"text", "locale"} a line, writes a list of {"intent", "confidence", "scope_confidence", "ms"}
a line, one for each model. Which is asked first changes with each text, and the text's vector is
there before: what differs in `ms` are the models.
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
    parser = argparse.ArgumentParser(prog="python -m bot.versus", description=__doc__)
    parser.add_argument("--model", type=Path, action="append", required=True, dest="models")
    options = parser.parse_args(arguments)
    os.environ.update(RASA_ENVIRONMENT)
    lean.install(serving=True)
    logs.configure("ERROR")
    lines = [json.loads(line) for line in sys.stdin if line.strip()]
    try:
        asyncio.run(_parse_all(options.models, lines))
    except Exception as error:  # noqa: BLE001 (the one place that turns a failure into a line)
        print(f"error: {' '.join(str(error).split()) or type(error).__name__}", file=sys.stderr)
        return 1
    return 0


async def _parse_all(models: list[Path], lines: list[dict[str, Any]]) -> None:
    from rasa.core.agent import Agent

    from bot import patches
    from bot.components.embedding import embed_ahead
    from bot.components.parts import take_apart

    patches.apply()
    agents = [Agent.load(str(model)) for model in models]
    for agent in agents:
        await _parse(agent, "hello", None)  # warms up
    for done, line in enumerate(lines, start=1):
        text, locale = line["text"], line.get("locale")
        await embed_ahead([text, *(part.text for part in take_apart(text))])
        answers: list[dict[str, Any]] = [{}] * len(agents)
        for number in range(len(agents)):
            which = (number + done) % len(agents)
            answers[which] = await _parse(agents[which], text, locale)
        print(json.dumps(answers))
        if done % 200 == 0:
            print(f"{done} of {len(lines)} texts …", file=sys.stderr, flush=True)


async def _parse(agent: Any, text: str, locale: str | None) -> dict[str, Any]:
    from rasa.core.channels.channel import UserMessage

    started = time.perf_counter()
    parsed = await agent.processor.parse_message(UserMessage(text, metadata={"locale": locale}))
    return {
        "intent": parsed["intent_ranking"][0]["name"],
        "confidence": parsed["intent_ranking"][0]["confidence"],
        "scope_confidence": parsed.get("scope_confidence", 0.0),
        "ms": (time.perf_counter() - started) * 1000,
    }


if __name__ == "__main__":
    sys.exit(main())
