"""From a reviewer's decision to a trained Rasa that understands, with a new intent on the way."""

import asyncio
import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from handoff_service.archive.learning.jobs import ask_for_job
from learning.training import train
from learning.writing.apply import apply
from learning.writing.phrases import blocks_of, new_file
from learning.writing.yaml_places import Source

ROOT = Path(__file__).resolve().parents[3]
TAUGHT = ("greet", "thank_you", "ask_order", "request_person", "out_of_scope")
CARDS = [
    "do you sell gift cards", "I want to buy a gift card", "gift card for my sister please",
    "where can I get a gift card", "are there gift cards in your shop", "gift cards?",
    "can I pay with a gift card", "my gift card code does not work", "send me a gift card",
    "how much can I put on a gift card", "is there a gift card for 50 euros", "gift card by mail",
]  # fmt: skip

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]


@pytest.fixture
def small(project):
    """The project with what it takes to train it, and the English phrases of a few intents."""
    for name in ("bot", "handoff_rules", "kb_index", "live_redis"):
        skipped = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, project / name, ignore=skipped, dirs_exist_ok=True)
    for file in (project / "data" / "nlu").glob("*.yml"):
        if file.stem not in TAUGHT:
            file.unlink()
            continue
        blocks = blocks_of(Source(file.name, file.read_text("utf-8")))
        english = [("en", block.phrases) for block in blocks if block.language == "en"]
        file.write_text(new_file(file.stem, english), "utf-8")
    return project


async def test_what_was_decided_is_understood_after_the_next_training(tools, reviews, small):
    await reviews.decide(
        *(("en", text) for text in CARDS), verdict="new_intent", intent="gift cards"
    )
    await reviews.decide(
        ("en", "has [my stuff](HV-1) left the building"), verdict="intent", intent="ask_order"
    )

    job = await ask_for_job(tools.database, "apply", {}, asked_by="operator", now_ms=tools.now_ms())
    result = await apply(job, tools)

    assert result["counts"]["problems"] == 0
    assert result["counts"]["intents"] == 1
    assert result["counts"]["examples"] + result["counts"]["held_out"] == len(CARDS) + 1
    project = replace(tools.project, root=small)
    model = project.model_file()
    train(project, model, say=print)
    said = ["I would like to buy a gift card for my mother", "hello"]
    parsed = await asyncio.to_thread(
        subprocess.run,
        [project.rasa_python, "-m", "bot.parse", "--model", model],
        cwd=small, env=project.environment(), check=True, capture_output=True, text=True,
        input="\n".join(json.dumps({"text": text, "locale": "en"}) for text in said),
    )  # fmt: skip
    intents = [json.loads(line)["intent"] for line in parsed.stdout.splitlines()]
    assert intents == ["ask_gift_cards", "greet"]
