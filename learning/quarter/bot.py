"""The bot of a simulated quarter: a project of its own on the disk, trained and asked for real."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from learning.candidates.programs import run_program
from learning.metrics import OOS
from learning.nlu_evaluation import OUT_OF_SCOPE, REFUSED, Labelled
from learning.training import Project

#: What every bot knows; their English phrases come from the project's own files.
EVERYDAY = ("greet", "thank_you", "request_person")
#: Parts of the project that its training reads.
PARTS = ("bot", "handoff_rules", "kb_index", "live_redis", "data/rules")
FILES = ("config.yml", "data/handoff_rules.yml", "data/products.yml", "data/gate.yml")
LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Understood:
    """What the bot took a text for."""

    intent: str  #: `oos` when it found nothing of ours in it
    confidence: float
    scope_confidence: float
    runner_up: str | None


def intent_name(label: str) -> str:
    """Return the name that an intent of a file of texts has in the bot."""
    if label in {OOS, *EVERYDAY}:
        return label
    return f"ask_{''.join(c if c.isalnum() else '_' for c in label.lower()).strip('_')}"


def make_project(
    source: Project, root: Path, phrases: Sequence[Labelled], *, models: Path
) -> Project:
    """Write a project below `root` whose bot knows `phrases` and everyday words, in English.

    Args:
        source: The project whose pipeline, rules and everyday phrases it takes over.
        root: A folder that does not exist yet.
        phrases: What it knows besides; `oos` ones are out of scope.
        models: Folder of its models.
    """
    for name in PARTS:
        shutil.copytree(
            source.root / name, root / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in FILES:
        if (source.root / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source.root / name, root / name)
    by_intent: dict[str, list[str]] = defaultdict(list)
    for name in EVERYDAY:
        by_intent[name] = everyday_phrases(source.root, name)
    for one in phrases:
        name = OUT_OF_SCOPE if one.intent == OOS else intent_name(one.intent)
        by_intent[name].append(one.text)
    folder = root / "data" / "nlu"
    folder.mkdir(parents=True)
    for name, texts in by_intent.items():
        lines = "".join(f"      - {' '.join(text.split())}\n" for text in texts)
        (folder / f"{name}.yml").write_text(
            f'version: "3.1"\n\nnlu:\n  - intent: {name}\n'
            f"    metadata: {{language: {LANGUAGE}}}\n    examples: |\n{lines}",
            "utf-8",
        )
    return Project(root, source.rasa_python, source.model_dir, models)


def everyday_phrases(root: Path, intent: str) -> list[str]:
    """Return the English phrases of an intent of the project's own."""
    content = yaml.safe_load((root / "data" / "nlu" / f"{intent}.yml").read_text("utf-8"))
    return [
        line.removeprefix("- ")
        for block in content["nlu"]
        if (block.get("metadata") or {}).get("language") == LANGUAGE
        for line in str(block["examples"]).splitlines()
    ]


async def understand(project: Project, model: Path, texts: Sequence[str]) -> list[Understood]:
    """Return what a trained model takes each text for.

    Raises:
        TrainingFailed: the model cannot be loaded.
    """
    lines = "\n".join(json.dumps({"text": text, "locale": LANGUAGE}) for text in texts)
    answers = await run_program(
        project, ["-m", "bot.versus", "--model", str(model)], tell=_hear, stdin=lines.encode()
    )
    return [_read(answer[0]) for answer in answers]


async def _hear(_line: str) -> None: ...


def _read(row: dict[str, Any]) -> Understood:
    intent = str(row["intent"])
    return Understood(
        OOS if intent in REFUSED else intent,
        float(row["confidence"]),
        float(row["scope_confidence"]),
        row.get("runner_up"),
    )
