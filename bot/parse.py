"""Understand texts with a trained model: `python -m bot.parse --model FILE < texts.jsonl`.

Reads {"text", "locale"} a line, writes {"intent", "confidence", "scope_confidence", "ms"} a line.
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

from bot import lean, logs
from bot.serve import RASA_ENVIRONMENT


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bot.parse", description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    options = parser.parse_args(arguments)
    os.environ.update(RASA_ENVIRONMENT)
    lean.install(serving=True)
    logs.configure("WARNING")
    lines = (json.loads(line) for line in sys.stdin if line.strip())
    try:
        asyncio.run(_parse(options.model, [(line["text"], line.get("locale")) for line in lines]))
    except Exception as error:  # noqa: BLE001 (the one place that turns a failure into a line)
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 1
    return 0


async def _parse(model: Path, texts: list[tuple[str, str | None]]) -> None:
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import UserMessage

    from bot import patches

    patches.apply()
    agent = Agent.load(str(model))
    await agent.processor.parse_message(UserMessage("hello", metadata={}))  # warms up
    for done, (text, locale) in enumerate(texts, start=1):
        started = time.perf_counter()
        parsed = await agent.processor.parse_message(UserMessage(text, metadata={"locale": locale}))
        result = {
            # the classifier's: words of data/handoff_rules.yml may have given it another since
            "intent": parsed["intent_ranking"][0]["name"],
            "confidence": parsed["intent_ranking"][0]["confidence"],
            "scope_confidence": parsed.get("scope_confidence", 0.0),
            "ms": (time.perf_counter() - started) * 1000,
        }
        print(json.dumps(result))
        if done % 500 == 0:
            print(f"{done} of {len(texts)} texts …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
